using Npgsql;
using Portal.Accounts;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Which campaigns a list shows.</summary>
public enum CampaignFilter { All, Drafts, Scheduled, Running, Finished, Cancelled }

/// <param name="Search">Part of the name; null or empty for all.</param>
/// <param name="Page">From 1.</param>
public sealed record CampaignListInput(CampaignFilter Filter = CampaignFilter.All, string? Search = null, int Page = 1);

/// <summary>A campaign in the list.</summary>
/// <param name="AccountLabel">Null while none is chosen.</param>
/// <param name="At">When it started, is due, or was last changed, whatever its state makes the point.</param>
/// <param name="StoppedCode">Why its account is stopped; <c>disabled</c> for a disabled one.</param>
public sealed record CampaignLine(
    Guid Id, string Name, CampaignStatus Status, string? StoppedCode, string? AccountLabel, DateTimeOffset At, string CreatedByName, CampaignOutcome Outcome);

/// <param name="Any">Whether the tenant has any campaign at all.</param>
public sealed record CampaignListView(IReadOnlyList<CampaignLine> Lines, long Matching, int Page, int Pages, bool Any);

/// <summary>A tenant's campaigns, the newest first, 50 a page (role Viewer).</summary>
public sealed class CampaignList(Databases databases)
{
    public const int PageSize = 50;

    internal const string Line = $"""
        c.id, c.name, c.state, c.missed_at is not null, s.state, a.state, a.stopped_code, a.label,
        coalesce(c.started_at, c.due_at, c.changed_at), c.created_by_name, {CampaignOutcome.Columns}
        """;

    internal const string Joined = """
        from app.campaigns c
        left join app.sendings s on s.tenant_id = $1 and s.id = c.sending_id
        left join app.sending_counts k on k.tenant_id = $1 and k.sending_id = c.sending_id
        left join app.accounts a on a.tenant_id = $1 and a.id = c.account_id
        """;

    public async Task<CampaignListView> RunAsync(Member member, CampaignListInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var search = input.Search?.Trim() ?? "";
        var where = $"where c.tenant_id = $1 and ($2 = '' or strpos(lower(c.name), lower($2)) > 0) and {Condition(input.Filter)}";
        var (matching, any) = (await connection.QueryAsync(r => (r.GetInt64(0), r.GetBoolean(1)), $"""
            select count(*), exists (select from app.campaigns where tenant_id = $1) {Joined} {where}
            """, [member.TenantId, search], ct))[0];
        var pages = (int)Math.Max(1, (matching + PageSize - 1) / PageSize);
        var page = Math.Clamp(input.Page, 1, pages);
        var lines = await connection.QueryAsync(Read, $"""
            select {Line} {Joined} {where}
            order by coalesce(c.started_at, c.due_at, c.changed_at) desc, c.id desc offset $3 limit $4
            """, [member.TenantId, search, (page - 1) * PageSize, PageSize], ct);
        return new(lines, matching, page, pages, any);
    }

    internal static CampaignLine Read(NpgsqlDataReader row)
    {
        var account = row.IsDBNull(5) ? (AccountState?)null : Words.Read<AccountState>(row.GetString(5));
        var sending = row.IsDBNull(4) ? (SendingState?)null : Words.Read<SendingState>(row.GetString(4));
        var status = CampaignStatuses.Of(Words.Read<CampaignState>(row.GetString(2)), row.GetBoolean(3), sending, account);
        return new(
            row.GetGuid(0), row.GetString(1), status, StoppedCode(status, account, row.IsDBNull(6) ? null : row.GetString(6)),
            row.IsDBNull(7) ? null : row.GetString(7), row.GetFieldValue<DateTimeOffset>(8), row.GetString(9), CampaignOutcome.Read(row, 10));
    }

    private static string? StoppedCode(CampaignStatus status, AccountState? account, string? code) =>
        status != CampaignStatus.Stopped ? null : account == AccountState.Disabled ? "disabled" : code;

    private static string Condition(CampaignFilter filter) => filter switch
    {
        CampaignFilter.Drafts => "c.state = 'draft'",
        CampaignFilter.Scheduled => "c.state in ('awaiting_approval', 'scheduled')",
        CampaignFilter.Running => "s.state in ('preparing', 'running', 'paused', 'stopped')",
        CampaignFilter.Finished => "s.state = 'finished'",
        CampaignFilter.Cancelled => "(c.state = 'cancelled' or s.state = 'cancelled')",
        _ => "true",
    };
}
