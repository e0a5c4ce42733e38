using System.Globalization;
using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="Occurrence">The wall-clock time of a run ahead.</param>
/// <param name="Skip">False takes a skip back.</param>
public sealed record SkipRunInput(Guid ScheduleId, DateTime Occurrence, bool Skip);

/// <summary>
/// Leaves one run out, or takes that back, as long as it lies ahead (role Sender). <c>not_active</c>, <c>run_gone</c> when it is
/// no run ahead any more, <c>last_run</c> when none would be left, <c>schedule_gone</c>.
/// </summary>
public sealed class SkipRun
{
    // Nobody is shown runs further ahead.
    private const int Ahead = 100;

    private readonly ScheduleControl _control;

    internal SkipRun(ScheduleControl control) => _control = control;

    public Task<Result<Guid>> RunAsync(Member member, SkipRunInput input, CancellationToken ct) => _control.RunAsync(member, input.ScheduleId, (schedule, now) =>
    {
        if (schedule is not { State: ScheduleState.Active, NextOccurrence: { } next })
            return new Problem("", "not_active");
        var plan = RepeatPlan.Of(schedule);
        if ((input.Skip ? Skip(schedule, plan, next, input.Occurrence, now) : TakeBack(schedule, plan, next, input.Occurrence, now)) is { } problem)
            return problem;
        return member.Note(
            input.Skip ? AuditActions.RunSkipped : AuditActions.RunWanted, schedule.Id, now, input.Occurrence.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }, ct);

    private static Problem? Skip(Schedule schedule, RepeatPlan plan, DateTime next, DateTime wall, DateTimeOffset now)
    {
        var runs = Schedule.Wanted(plan.Since(next), schedule.Skipped).Take(Ahead).ToList();
        if (!runs.Exists(r => r.Wall == wall && r.At > now))
            return new Problem("", "run_gone");
        if (wall == next)
        {
            if (runs is not [_, var second, ..])
                return new Problem("", "last_run");
            schedule.ComesNext(second);
        }
        schedule.Skipped = [.. schedule.Skipped.Append(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified)).Order()];
        return null;
    }

    private static Problem? TakeBack(Schedule schedule, RepeatPlan plan, DateTime next, DateTime wall, DateTimeOffset now)
    {
        if (!schedule.Skipped.Contains(wall) || plan.Since(wall).FirstOrDefault() is not { } run || run.Wall != wall || run.At <= now)
            return new Problem("", "run_gone");
        schedule.Skipped = [.. schedule.Skipped.Where(s => s != wall)];
        if (wall < next)
            schedule.ComesNext(run);
        return null;
    }
}
