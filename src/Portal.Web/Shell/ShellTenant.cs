using Portal.Members;
using Portal.Tenants;

namespace Portal.Web.Shell;

/// <summary>What the frame and the shared parts need to know of the tenant. Cascaded around every tenant page.</summary>
/// <param name="Slug">Stands in the address: <c>/t/{slug}/…</c>.</param>
/// <param name="Name">The company's name.</param>
/// <param name="Zone">IANA zone in which times are shown.</param>
/// <param name="Role">The person's role here.</param>
/// <param name="Trial">It writes to its own numbers only, until an operator lifts that.</param>
/// <param name="DeleteAt">Everything of it is deleted then.</param>
/// <param name="Acting">The person is an operator who looks in.</param>
public sealed record ShellTenant(string Slug, string Name, string Zone, MemberRole Role, bool Trial = false, DateTimeOffset? DeleteAt = null, ActingUntil? Acting = null);
