using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Live;

namespace Portal.Campaigns;

/// <summary>
/// Makes the campaign of a schedule's next run, exactly once, whoever calls and however often: the campaign and the step to
/// the run after it are one transaction under the row's lock. Of several runs that were missed only the latest becomes a
/// campaign; the others are told on the schedule.
/// </summary>
public sealed class MakeRun
{
    private readonly PortalDbFactory _dbs;
    private readonly WakeUps _wakeUps;
    private readonly LiveFeed _live;

    internal MakeRun(PortalDbFactory dbs, WakeUps wakeUps, LiveFeed live) => (_dbs, _wakeUps, _live) = (dbs, wakeUps, live);

    /// <summary>A run is made so long before its time, so that it has a wake-up and starts punctually.</summary>
    internal static TimeSpan Ahead => TimeSpan.FromMinutes(1);

    /// <returns>The campaign; null when nothing is due, or was made before.</returns>
    public async Task<Guid?> RunAsync(TenantScope scope, Guid scheduleId, CancellationToken ct)
    {
        if (await MakeAsync(scope, scheduleId, ct) is not { } campaign)
            return null;
        await _wakeUps.OrderAsync(scope, campaign.Id, campaign.DueAt!.Value, ct);
        _live.Publish(scope.TenantId, campaign.Id);
        _live.Publish(scope.TenantId, scheduleId);
        return campaign.Id;
    }

    private async Task<Campaign?> MakeAsync(TenantScope scope, Guid scheduleId, CancellationToken ct)
    {
        await using var db = _dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockScheduleAsync(scheduleId, ct) is not { State: ScheduleState.Active, NextOccurrence: { } next } schedule)
            return null;
        var now = await db.NowAsync(ct);
        var runs = Schedule.Wanted(RepeatPlan.Of(schedule).Since(next), schedule.Skipped);
        var (missed, run, after) = Sort(runs, now + Ahead);
        if (run is null && after?.At == schedule.NextDueAt)
            return null;

        var campaign = run is null || await db.Set<Campaign>().AnyAsync(c => c.ScheduleId == scheduleId && c.Occurrence == run.Wall, ct)
            ? null : Campaign(schedule, run, now);
        if (campaign is not null)
            db.AddRange(campaign, scope.Note(AuditActions.CampaignMade, campaign.Id, now, schedule.Name, Text(run!.RunsAt)));
        if (missed is [var first, ..])
            db.Add(scope.Note(AuditActions.ScheduleMissed, scheduleId, now, missed.Count.ToString(CultureInfo.InvariantCulture), Text(first.Wall), Text(missed[^1].Wall)));
        if (after is null)
            db.Add(scope.Note(AuditActions.ScheduleOver, scheduleId, now));
        schedule.ComesNext(after);
        schedule.Skipped = [.. schedule.Skipped.Where(s => run is null || s > run.Wall)];
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return campaign;
    }

    // What is due now; the last of it is the run, what comes before it was missed.
    private static (List<Occurrence> Missed, Occurrence? Run, Occurrence? After) Sort(IEnumerable<Occurrence> runs, DateTimeOffset until)
    {
        var due = new List<Occurrence>();
        foreach (var run in runs)
        {
            if (run.At > until)
                return (due[..^Math.Min(1, due.Count)], due.LastOrDefault(), run);
            due.Add(run);
        }
        return (due[..^Math.Min(1, due.Count)], due.LastOrDefault(), null);
    }

    private static Campaign Campaign(Schedule schedule, Occurrence run, DateTimeOffset now)
    {
        var (at, day) = (run.At.ToUniversalTime(), " " + Text(run.Wall));
        return new()
        {
            TenantId = schedule.TenantId,
            Name = (schedule.Name.Length + day.Length > CampaignName.Longest ? schedule.Name[..(CampaignName.Longest - day.Length)] : schedule.Name) + day,
            State = CampaignState.Scheduled,
            AccountId = schedule.AccountId,
            ListIds = schedule.ListIds,
            Text = schedule.Text,
            PlannedAt = run.RunsAt,
            TimeZone = schedule.TimeZone,
            DueAt = at,
            NotAfter = schedule.StartWithin is { } minutes ? at.AddMinutes(minutes) : null,
            ScheduleId = schedule.Id,
            Occurrence = run.Wall,
            ApprovedUpTo = schedule.ApprovedPeople is { } people ? Approvals.UpTo(people) : null,
            AskedBy = schedule.ChangedBy,
            AskedByName = schedule.ChangedByName,
            CreatedBy = schedule.CreatedBy,
            CreatedByName = schedule.CreatedByName,
            CreatedAt = now,
            ChangedAt = now,
        };
    }

    private static string Text(DateTime wall) => wall.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
