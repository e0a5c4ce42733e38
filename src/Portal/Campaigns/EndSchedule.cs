using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Makes no more runs, for good (role Sender); runs that were made go on. <c>schedule_over</c>, <c>schedule_gone</c>.</summary>
public sealed class EndSchedule
{
    private readonly ScheduleControl _control;

    internal EndSchedule(ScheduleControl control) => _control = control;

    public Task<Result<Guid>> RunAsync(Member member, Guid scheduleId, CancellationToken ct) => _control.RunAsync(member, scheduleId, (schedule, now) =>
    {
        if (schedule.State == ScheduleState.Ended)
            return new Problem("", "schedule_over");
        schedule.Rest(ScheduleState.Ended);
        return member.Note(AuditActions.ScheduleEnded, scheduleId, now);
    }, ct);
}
