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
    public required CampaignSpeed? Speed { get; init; }

    /// <summary>The approval that it waits for; null when it waits for none.</summary>
    public AwaitedApproval? Approval { get; init; }

    /// <summary>The limit that it waits for; null when it waits for none.</summary>
    public required LimitWait? Waits { get; init; }

    /// <summary>People who wait because it is quiet where they are, those who wait shortest first.</summary>
    public IReadOnlyList<QuietWait> Quiet { get; init; } = [];

    public required string Text { get; init; }

    /// <summary>Whoever asks runs the portal: the text is left out.</summary>
    public bool TextHidden { get; init; }

    public required IReadOnlyList<string> ListNames { get; init; }

    /// <summary>IANA zone in which its time was planned.</summary>
    public required string TimeZone { get; init; }

    /// <summary>It goes out at a planned time; false: right after the undo window.</summary>
    public required bool Planned { get; init; }

    public required DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset? NotAfter { get; init; }

    /// <summary>Why it was missed: a word of <see cref="StartObstacle"/>.</summary>
    public string? MissedWhy { get; init; }

    /// <summary>The schedule that made it, with its name.</summary>
    public Guid? ScheduleId { get; init; }

    public string? ScheduleName { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its requests are spread up to here; null: as fast as the account allows, or not started.</summary>
    public DateTimeOffset? SpreadUntil { get; init; }

    /// <summary>Its first messages go alone.</summary>
    public SendingCanary? Canary { get; init; }

    /// <summary>The rest was let go.</summary>
    public bool CanaryPassed { get; init; }

    /// <summary>The portal paused it, since too few of the first were delivered.</summary>
    public bool PausedByCanary { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why people were skipped, with their number; without those who were called off.</summary>
    public required IReadOnlyList<SkipCount> Skips { get; init; }

    /// <summary>Billed parts as the provider counted them so far.</summary>
    public required long Segments { get; init; }

    /// <summary>Billed parts of the same requests as we count them; less than we counted is no harm, more costs money.</summary>
    public long OwnSegments { get; init; }

    /// <summary>Numbers of accepted requests that the provider did not take; nobody knows which.</summary>
    public long NotTaken { get; init; }

    /// <summary>People whom the provider refused.</summary>
    public long Refused { get; init; }

    /// <summary>What was sent again after a doubt and turned out to have been sent before.</summary>
    public Doubles Doubles { get; init; } = new(0, 0);

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<Happening> Timeline { get; init; }
}

/// <param name="Accepted">People in requests that the provider accepted twice.</param>
/// <param name="Delivered">People with two delivered requests.</param>
public sealed record Doubles(long Accepted, long Delivered);

/// <param name="CreatedBy">Who began the campaign: may not decide either.</param>
public sealed record AwaitedApproval(Guid AskedBy, Guid CreatedBy, string AskedByName, DateTimeOffset AskedAt);

public sealed record SkipCount(SkipReason Reason, long People);

/// <summary>Reads one campaign for its page (role Viewer); null when there is none.</summary>
public sealed class CampaignPage(Databases databases)
{
    // Only what a person had sent again can be double.
    private static readonly string _doubled = $"""
        with again as materialized (
            select distinct batch_no from app.attempts where tenant_id = $1 and sending_id = $2 and attempt_no > 1)
        select (select coalesce(sum(numbers), 0)::bigint from (
                    select min(a.numbers) as numbers from again g
                    join app.attempts a on a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = g.batch_no and a.state = 'accepted'
                    group by g.batch_no having count(*) > 1) twice),
               (select count(*) from (
                    select r.number from again g
                    join app.batches b on b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = g.batch_no
                    join app.sendings s on s.tenant_id = $1 and s.id = $2
                    cross join {BatchMessages.Of("b")} m
                    join app.receipts r on r.tenant_id = $1 and r.month = s.month and r.sending_id = $2 and r.number = m.number and r.meaning = 'delivered'
                    left join app.attempts a on a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = g.batch_no and a.task_id = r.task_id
                    left join app.task_evidence e on e.tenant_id = $1 and e.sending_id = $2 and e.batch_no = g.batch_no and e.task_id = r.task_id
                    group by r.number having count(distinct coalesce(a.attempt_no, e.attempt_no)) > 1) told)
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
            Text = member.Acting ? "" : r.GetString(21),
            TextHidden = member.Acting,
            ListNames = r.GetFieldValue<string[]>(22),
            TimeZone = r.GetString(23),
            Planned = r.GetBoolean(24),
            DueAt = r.IsDBNull(25) ? null : r.GetFieldValue<DateTimeOffset>(25),
            NotAfter = r.IsDBNull(26) ? null : r.GetFieldValue<DateTimeOffset>(26),
            StartedAt = r.IsDBNull(27) ? null : r.GetFieldValue<DateTimeOffset>(27),
            FinishedAt = r.IsDBNull(28) ? null : r.GetFieldValue<DateTimeOffset>(28),
            Segments = r.IsDBNull(29) ? 0 : r.GetInt32(29),
            SpreadUntil = r.IsDBNull(30) ? null : r.GetFieldValue<DateTimeOffset>(30),
            Canary = r.IsDBNull(31) ? null : new(r.GetInt32(31), r.GetInt32(32), r.GetInt32(33)),
            CanaryPassed = r.GetBoolean(34),
            PausedByCanary = r.GetBoolean(35),
            MissedWhy = r.IsDBNull(36) ? null : r.GetString(36),
            ScheduleId = r.IsDBNull(37) ? null : r.GetGuid(37),
            ScheduleName = r.IsDBNull(38) ? null : r.GetString(38),
            OwnSegments = r.IsDBNull(39) ? 0 : r.GetInt32(39),
            NotTaken = r.IsDBNull(40) ? 0 : r.GetInt32(40),
            Refused = r.IsDBNull(41) ? 0 : r.GetInt32(41),
            Approval = r.IsDBNull(42) ? null : new(r.GetGuid(42), r.GetGuid(43), r.GetString(44), r.GetFieldValue<DateTimeOffset>(45)),
            Waits = null,
            Speed = null,
            Skips = [],
            Timeline = [],
        }, $"""
            select {CampaignList.Line}, c.account_id, c.sending_id, coalesce(s.batch_size, a.batch_size), a.rate, c.text,
                   array(select l.name from app.lists l where l.tenant_id = $1 and l.id = any (c.list_ids) order by l.name),
                   c.time_zone, c.planned_at is not null, c.due_at, c.not_after, c.started_at, s.finished_at, k.segments,
                   s.spread_until, coalesce(s.canary, c.canary_people), coalesce(s.canary_percent, c.canary_percent), coalesce(s.canary_minutes, c.canary_minutes),
                   s.canary_passed_at is not null, coalesce(s.paused_why = 'canary', false),
                   c.missed_why, h.id, h.name, k.own_segments, k.not_taken, k.refused,
                   case when c.state = 'awaiting_approval' then c.asked_by end, c.created_by, c.asked_by_name, c.asked_at
            {CampaignList.Joined}
            left join app.schedules h on h.tenant_id = $1 and h.id = c.schedule_id
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
        var speed = view.Line.Status is CampaignStatus.Running or CampaignStatus.Preparing
            ? await CampaignSpeed.ReadAsync(connection, member.TenantId, sending, view.AccountId!.Value, ct)
            : null;
        var doubles = (await connection.QueryAsync(r => new Doubles(r.GetInt64(0), r.GetInt64(1)), _doubled, [member.TenantId, sending], ct))[0];
        var waits = await LimitWait.ReadAsync(connection, member.TenantId, sending, ct);
        var quiet = await QuietWait.ReadAsync(connection, member.TenantId, sending, ct);
        return view with { Skips = skips, Waits = waits, Quiet = quiet, Speed = speed, Timeline = timeline, Doubles = doubles };
    }
}
