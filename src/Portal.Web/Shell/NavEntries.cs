using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Shell;

/// <summary>A line of the navigation.</summary>
/// <param name="Text">Key of its word in <c>ShellText.resx</c>.</param>
/// <param name="Route">What follows the frame's base address; empty for its first page.</param>
/// <param name="Needs">The least role that sees it. The page itself checks again.</param>
/// <param name="FullLoad">It is no page of ours (Hangfire's dashboard): the browser loads it.</param>
public sealed record NavEntry(string Text, string Route, MemberRole Needs = MemberRole.Viewer, bool FullLoad = false)
{
    /// <summary>Whether an address, relative to the frame's base, lies at or below this entry.</summary>
    public bool Holds(string path) =>
        Route.Length == 0 ? path.Length == 0 : path == Route || path.StartsWith(Route + "/", StringComparison.Ordinal);
}

/// <summary>Entries below one caption.</summary>
/// <param name="Caption">Key of the caption in <c>ShellText.resx</c>; null for the first group.</param>
public sealed record NavGroup(string? Caption, IReadOnlyList<NavEntry> Entries);

/// <summary>What the navigation offers. Only pages that exist stand here.</summary>
internal static class NavEntries
{
    public static IReadOnlyList<NavGroup> Tenant { get; } =
    [
        new(null, [new("Nav.Home", ""), new("Nav.Campaigns", "campaigns"), new("Nav.Doubts", "doubts")]),
        new("Nav.Audience", [new("Nav.Contacts", "contacts")]),
        new("Nav.Company", [new("Nav.Accounts", "accounts"), new("Nav.Team", "team"), new("Nav.Audit", "audit", MemberRole.Manager), new("Nav.Settings", "settings", MemberRole.Manager)]),
    ];

    public static IReadOnlyList<NavGroup> Operator { get; } =
    [
        // an operator has no role in a tenant: these need none
        new(null, [new("Nav.Tenants", "tenants"), new("Nav.Usage", "usage"), new("Nav.Receipts", "receipts"), new("Nav.Jobs", "jobs", FullLoad: true), new("Nav.System", "system"), new("Nav.Audit", "audit")]),
    ];

    /// <summary>The groups as a role sees them, without those that are empty for it.</summary>
    public static IReadOnlyList<NavGroup> For(this IReadOnlyList<NavGroup> groups, MemberRole role) =>
        [.. groups.Select(g => g with { Entries = [.. g.Entries.Where(e => e.Needs <= role)] }).Where(g => g.Entries.Count > 0)];
}
