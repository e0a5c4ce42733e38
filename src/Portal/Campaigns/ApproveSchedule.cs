using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="ChangedAt">Of the schedule that the person saw: nothing else is approved.</param>
/// <param name="People">Whom it went to then.</param>
public sealed record ApproveScheduleInput(Guid ScheduleId, DateTimeOffset ChangedAt, int People);

/// <summary>
/// A second person lets the runs of a schedule go out by themselves (role Manager): neither who made it nor who changed it last.
/// It holds for runs to as many people as now and a tenth more; one to more asks anew, and so do all when the schedule is
/// changed. Refused for the whole form with <c>schedule_gone</c>, <c>schedule_over</c>, <c>changed_elsewhere</c>, <c>own_schedule</c>.
/// </summary>
public sealed class ApproveSchedule
{
    private readonly Databases _databases;
    private readonly PortalDbFactory _dbs;
    private readonly ScheduleControl _control;

    internal ApproveSchedule(Databases databases, PortalDbFactory dbs, ScheduleControl control) => (_databases, _dbs, _control) = (databases, dbs, control);

    public async Task<Result<Guid>> RunAsync(Member member, ApproveScheduleInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = _dbs.Create(member.Scope);
        if (await db.Set<Schedule>().Where(s => s.Id == input.ScheduleId).Select(s => s.ListIds).SingleOrDefaultAsync(ct) is not { } lists)
            return new Problem("", "schedule_gone");
        var people = await Approvals.CountAsync(_databases, member.TenantId, lists, ct);
        return await _control.RunAsync(member, input.ScheduleId, (schedule, now) =>
        {
            if (schedule.State == ScheduleState.Ended)
                return new Problem("", "schedule_over");
            if (schedule.ChangedAt != input.ChangedAt || people > Approvals.UpTo(input.People))
                return new Problem("", "changed_elsewhere");
            if (schedule.IsOf(member.UserId))
                return new Problem("", "own_schedule");
            schedule.Approve(people, member.UserId, member.Name);
            return member.Note(AuditActions.ScheduleApproved, schedule.Id, now, people.ToString(CultureInfo.InvariantCulture), Approvals.UpTo(people).ToString(CultureInfo.InvariantCulture));
        }, ct);
    }
}
