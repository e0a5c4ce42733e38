using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Goes on with the first run from now on (role Sender): what would have run while it was paused is left out.
/// <c>schedule_not_paused</c>, <c>no_run_left</c>, <c>schedule_gone</c>.
/// </summary>
public sealed class ResumeSchedule
{
    private readonly ScheduleControl _control;

    internal ResumeSchedule(ScheduleControl control) => _control = control;

    public Task<Result<Guid>> RunAsync(Member member, Guid scheduleId, CancellationToken ct) => _control.RunAsync(member, scheduleId, (schedule, now) =>
    {
        if (schedule.State != ScheduleState.Paused)
            return new Problem("", "schedule_not_paused");
        if (Schedule.Wanted(RepeatPlan.Of(schedule).After(now), schedule.Skipped).FirstOrDefault() is not { } next)
            return new Problem("", "no_run_left");
        schedule.ComesNext(next);
        return member.Note(AuditActions.ScheduleResumed, scheduleId, now);
    }, ct);
}
