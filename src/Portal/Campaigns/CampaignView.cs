using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Everything that the page of one campaign shows, but its people.</summary>
public sealed record CampaignView
{
    public required CampaignLine Line { get; init; }

    public required Guid? AccountId { get; init; }

    public required Guid? SendingId { get; init; }

    /// <summary>Numbers in one request: fixed when it started, else the account's.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Requests a second that the account allows.</summary>
    public required int Rate { get; init; }

    /// <summary>Null before its sending runs and after it is through.</summary>
    public required SendingPace? Pace { get; init; }

    /// <summary>The approval that it waits for; null when it waits for none.</summary>
    public AwaitedApproval? Approval { get; init; }

    /// <summary>People who wait because it is quiet where they are; null when nobody does.</summary>
    public QuietWait? Quiet { get; init; }

    /// <summary>The limit that it waits for; null when it waits for none.</summary>
    public required LimitWait? Waits { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<string> ListNames { get; init; }

    /// <summary>IANA zone in which its time was planned.</summary>
    public required string TimeZone { get; init; }

    /// <summary>It goes out at a planned time; false: right after the undo window.</summary>
    public required bool Planned { get; init; }

    public required DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset? NotAfter { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why people were skipped, with their number; without those who were called off.</summary>
    public required IReadOnlyList<SkipCount> Skips { get; init; }

    /// <summary>Billed parts as the provider counted them so far.</summary>
    public required long Segments { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<Happening> Timeline { get; init; }
}

/// <param name="People">In requests that wait for the end of quiet hours.</param>
/// <param name="Until">When the first of them may go.</param>
/// <param name="Asks">The wait is too long: it is paused until a person decides.</param>
public sealed record QuietWait(long People, DateTimeOffset Until, string TimeZone, bool Asks);

/// <param name="CreatedBy">Who began the campaign: may not decide either.</param>
public sealed record AwaitedApproval(Guid AskedBy, Guid CreatedBy, string AskedByName, DateTimeOffset AskedAt);

/// <summary>A limit is used up, so nothing leaves until it begins anew.</summary>
/// <param name="Why">Its word, for example <c>account_day_messages</c>.</param>
/// <param name="TimeZone">IANA zone of the tenant, in which days and months are counted.</param>
public sealed record LimitWait(string Why, long Most, DateTimeOffset AgainAt, string TimeZone);

public sealed record SkipCount(SkipReason Reason, long People);

/// <summary>Reads one campaign for its page (role Viewer); null when there is none.</summary>
public sealed class CampaignPage(Databases databases)
{
    // Looked at again every minute: what is just being looked at still waits.
    private const string Waiting = """
        select l.why, l.most, l.again_at, t.time_zone
        from app.sendings s
        join app.tenant_settings t on t.tenant_id = $1
        cross join lateral app.limits_now($1, s.account_id) l
        where s.tenant_id = $1 and s.id = $2 and s.state = 'running' and l.why = s.waits_for
          and s.not_before > clock_timestamp() - interval '3 seconds'
        """;

    private const string Quiet = """
        select sum(b.last_ordinal - b.first_ordinal + 1)::bigint, min(b.not_before), t.time_zone, s.state = 'paused' and s.waits_for is not distinct from 'quiet_hours'
        from app.sendings s
        join app.tenant_settings t on t.tenant_id = $1
        join app.batches b on b.tenant_id = $1 and b.account_id = s.account_id and b.sending_id = s.id and b.state = 'planned' and b.why = 'quiet_hours'
        where s.tenant_id = $1 and s.id = $2 and s.state in ('running', 'paused')
          and (b.not_before > clock_timestamp() or s.state = 'paused' and s.waits_for = 'quiet_hours')
        group by t.time_zone, s.state, s.waits_for
        """;

    public async Task<CampaignView?> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var found = await connection.QueryAsync(r => new CampaignView
        {
            Line = CampaignList.Read(r),
            AccountId = r.IsDBNull(17) ? null : r.GetGuid(17),
            SendingId = r.IsDBNull(18) ? null : r.GetGuid(18),
            BatchSize = r.IsDBNull(19) ? 0 : r.GetInt32(19),
            Rate = r.IsDBNull(20) ? 0 : r.GetInt32(20),
            Text = r.GetString(21),
            ListNames = r.GetFieldValue<string[]>(22),
            TimeZone = r.GetString(23),
            Planned = r.GetBoolean(24),
            DueAt = r.IsDBNull(25) ? null : r.GetFieldValue<DateTimeOffset>(25),
            NotAfter = r.IsDBNull(26) ? null : r.GetFieldValue<DateTimeOffset>(26),
            StartedAt = r.IsDBNull(27) ? null : r.GetFieldValue<DateTimeOffset>(27),
            FinishedAt = r.IsDBNull(28) ? null : r.GetFieldValue<DateTimeOffset>(28),
            Segments = r.IsDBNull(29) ? 0 : r.GetInt32(29),
            Approval = r.IsDBNull(30) ? null : new(r.GetGuid(30), r.GetGuid(31), r.GetString(32), r.GetFieldValue<DateTimeOffset>(33)),
            Waits = null,
            Pace = null,
            Skips = [],
            Timeline = [],
        }, $"""
            select {CampaignList.Line}, c.account_id, c.sending_id, coalesce(s.batch_size, a.batch_size), a.rate, c.text,
                   array(select l.name from app.lists l where l.tenant_id = $1 and l.id = any (c.list_ids) order by l.name),
                   c.time_zone, c.planned_at is not null, c.due_at, c.not_after, c.started_at, s.finished_at, k.segments,
                   case when c.state = 'awaiting_approval' then c.asked_by end, c.created_by, c.asked_by_name, c.asked_at
            {CampaignList.Joined}
            where c.tenant_id = $1 and c.id = $2
            """, [member.TenantId, campaignId], ct);
        if (found is not [var view])
            return null;
        var timeline = await Happenings.ReadAsync(connection, member.TenantId, view, ct);
        if (view.SendingId is not { } sending)
            return view with { Timeline = timeline };
        var skips = await connection.QueryAsync(r => new SkipCount(Words.Read<SkipReason>(r.GetString(0)), r.GetInt64(1)), """
            select reason, count(*) from app.skips where tenant_id = $1 and sending_id = $2 group by reason order by 2 desc
            """, [member.TenantId, sending], ct);
        var pace = view.Line.Status is CampaignStatus.Running or CampaignStatus.Preparing
            ? await SendingPace.ReadAsync(connection, member.TenantId, sending, view.AccountId!.Value, ct)
            : null;
        var waits = await connection.QueryAsync(
            r => new LimitWait(r.GetString(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3)), Waiting, [member.TenantId, sending], ct);
        var quiet = await connection.QueryAsync(
            r => new QuietWait(r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.GetBoolean(3)), Quiet, [member.TenantId, sending], ct);
        return view with { Skips = skips, Quiet = quiet.Count > 0 ? quiet[0] : null, Waits = waits.Count > 0 ? waits[0] : null, Pace = pace, Timeline = timeline };
    }
}
