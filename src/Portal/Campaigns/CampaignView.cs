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

    public required string Text { get; init; }

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

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<Happening> Timeline { get; init; }
}

public sealed record SkipCount(SkipReason Reason, long People);

/// <summary>Reads one campaign for its page (role Viewer); null when there is none.</summary>
public sealed class CampaignPage(Databases databases)
{
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
            SpreadUntil = r.IsDBNull(30) ? null : r.GetFieldValue<DateTimeOffset>(30),
            Canary = r.IsDBNull(31) ? null : new(r.GetInt32(31), r.GetInt32(32), r.GetInt32(33)),
            CanaryPassed = r.GetBoolean(34),
            PausedByCanary = r.GetBoolean(35),
            MissedWhy = r.IsDBNull(36) ? null : r.GetString(36),
            ScheduleId = r.IsDBNull(37) ? null : r.GetGuid(37),
            ScheduleName = r.IsDBNull(38) ? null : r.GetString(38),
            Speed = null,
            Skips = [],
            Timeline = [],
        }, $"""
            select {CampaignList.Line}, c.account_id, c.sending_id, coalesce(s.batch_size, a.batch_size), a.rate, c.text,
                   array(select l.name from app.lists l where l.tenant_id = $1 and l.id = any (c.list_ids) order by l.name),
                   c.time_zone, c.planned_at is not null, c.due_at, c.not_after, c.started_at, s.finished_at, k.segments,
                   s.spread_until, coalesce(s.canary, c.canary_people), coalesce(s.canary_percent, c.canary_percent), coalesce(s.canary_minutes, c.canary_minutes),
                   s.canary_passed_at is not null, coalesce(s.paused_why = 'canary', false),
                   c.missed_why, h.id, h.name
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
        return view with { Skips = skips, Speed = speed, Timeline = timeline };
    }
}
