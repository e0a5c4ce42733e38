using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Search">How the numbers begin; null or empty for all.</param>
/// <param name="Page">From 1.</param>
public sealed record SuppressionsPageInput(string? Search = null, int Page = 1);

public sealed record SuppressionsView(long All, long Matching, int Page, int Pages, IReadOnlyList<SuppressionRow> Rows);

/// <param name="Number">The number itself, for <see cref="UnsuppressNumber"/>; null below role Sender.</param>
/// <param name="Shown">The number: whole from role Sender on, masked below.</param>
/// <param name="Source">Where it came from: <c>page</c>, or a file's name.</param>
public sealed record SuppressionRow(string? Number, string Shown, SuppressionReason Reason, string Source, DateTimeOffset At);

/// <summary>The opted-out numbers, 50 a page, newest first (role Viewer).</summary>
public sealed class SuppressionsPage(Databases databases)
{
    public const int PageSize = 50;

    public async Task<SuppressionsView> RunAsync(Member member, SuppressionsPageInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenToReadAsync(member.Scope, ct);
        var prefix = NumberSearch.Prefix(member, input.Search);
        var (all, matching) = (await connection.QueryAsync(r => (r.GetInt64(0), r.GetInt64(1)),
            "select count(*), count(*) filter (where starts_with(number, $2)) from app.suppressions where tenant_id = $1", [member.TenantId, prefix], ct))[0];
        var pages = (int)Math.Max(1, (matching + PageSize - 1) / PageSize);
        var page = Math.Clamp(input.Page, 1, pages);
        var rows = await connection.QueryAsync(
            r => Row(member, r.GetString(0), r.GetString(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3)), """
            select number, reason, source, at from app.suppressions
            where tenant_id = $1 and starts_with(number, $2) order by at desc, number offset $3 limit $4
            """, [member.TenantId, prefix, (page - 1) * PageSize, PageSize], ct);
        return new SuppressionsView(all, matching, page, pages, rows);
    }

    private static SuppressionRow Row(Member member, string number, string reason, string source, DateTimeOffset at) => new(
        member.Is(MemberRole.Sender) ? number : null, member.Shown(number), Words.Read<SuppressionReason>(reason), source, at);
}
