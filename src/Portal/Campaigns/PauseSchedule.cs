using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Makes no more runs until it is resumed (role Sender); runs that were made go on. <c>not_active</c>, <c>schedule_gone</c>.</summary>
public sealed class PauseSchedule
{
    private readonly ScheduleControl _control;

    internal PauseSchedule(ScheduleControl control) => _control = control;

    public Task<Result<Guid>> RunAsync(Member member, Guid scheduleId, CancellationToken ct) => _control.RunAsync(member, scheduleId, (schedule, now) =>
    {
        if (schedule.State != ScheduleState.Active)
            return new Problem("", "not_active");
        schedule.Rest(ScheduleState.Paused);
        return member.Note(AuditActions.SchedulePaused, scheduleId, now);
    }, ct);
}
