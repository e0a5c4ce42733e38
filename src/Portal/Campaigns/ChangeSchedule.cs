using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="ChangedAt">When the schedule that was changed was changed last: somebody else's change in between is not overwritten.</param>
/// <param name="AcceptSkips">People who lack a field of the text get nothing, and the person has seen that.</param>
public sealed record ChangeScheduleInput(
    Guid ScheduleId, DateTimeOffset ChangedAt, string Name, IReadOnlyList<Guid> ListIds, Guid? AccountId, string Text, RepeatInput Repeat, bool AcceptSkips);

/// <summary>
/// Changes what a schedule sends and when, for all runs from now on (role Sender). What was approved is so no more. Refused with problems as
/// <see cref="CreateSchedule"/>, <c>schedule_gone</c>, <c>schedule_over</c>, <c>changed_elsewhere</c>.
/// </summary>
public sealed class ChangeSchedule
{
    private readonly PortalDbFactory _dbs;
    private readonly CampaignExamination _examination;
    private readonly ScheduleControl _control;

    internal ChangeSchedule(PortalDbFactory dbs, CampaignExamination examination, ScheduleControl control) =>
        (_dbs, _examination, _control) = (dbs, examination, control);

    public async Task<Result<Guid>> RunAsync(Member member, ChangeScheduleInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (input.Name.Trim().Length > CampaignName.Longest)
            return new Problem("Name", "name_long", CampaignName.Longest);
        if (input.Text.Length > SaveDraft.LongestText)
            return new Problem("Text", "text_long", SaveDraft.LongestText);
        await using var db = _dbs.Create(member.Scope);
        if (await db.Set<Schedule>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == input.ScheduleId, ct) is not { } known)
            return new Problem("", "schedule_gone");
        var examined = await _examination.RunAsync(member.Scope, AsDraft(known, input), ct);
        if (examined.Refuse(input.AcceptSkips) is { Count: > 0 } problems)
            return problems;
        return await _control.RunAsync(member, input.ScheduleId, (schedule, now) =>
        {
            if (schedule.State == ScheduleState.Ended)
                return new Problem("", "schedule_over");
            if (schedule.ChangedAt != input.ChangedAt)
                return new Problem("", "changed_elsewhere");
            if (!Apply(schedule, input, examined, now))
                return new Problem("RepeatKind", "rule_never");
            (schedule.ChangedBy, schedule.ChangedByName) = (member.UserId, CampaignName.Cut(member.Name));
            (schedule.ApprovedPeople, schedule.ApprovedBy, schedule.ApprovedByName) = (null, null, null);
            return member.Note(AuditActions.ScheduleChanged, schedule.Id, now);
        }, ct);
    }

    // Looked at as a draft is before it becomes a schedule.
    private static Campaign AsDraft(Schedule schedule, ChangeScheduleInput input) => new()
    {
        TenantId = schedule.TenantId,
        Id = schedule.Id,
        Name = input.Name.Trim(),
        ListIds = [.. input.ListIds],
        AccountId = input.AccountId,
        Text = input.Text,
        TimeZone = schedule.TimeZone,
        CreatedByName = schedule.CreatedByName,
        Repeat = input.Repeat,
    };

    private static bool Apply(Schedule schedule, ChangeScheduleInput input, Examined examined, DateTimeOffset now)
    {
        var (draft, plan) = (examined.Campaign, examined.Repeat!);
        (schedule.Name, schedule.ListIds, schedule.AccountId, schedule.Text) = (draft.Name, draft.ListIds, draft.AccountId!.Value, draft.Text);
        schedule.Rule = RecurrenceText.Write(plan.Rule);
        (schedule.StartsOn, schedule.EndsOn, schedule.StartWithin) = (input.Repeat.From!.Value, input.Repeat.Until, input.Repeat.Within);
        // A skip stays as far as the new rule still names its time.
        schedule.Skipped = [.. schedule.Skipped.Where(s => plan.Since(s).FirstOrDefault()?.Wall == s)];
        var next = Schedule.Wanted(plan.After(now), schedule.Skipped).FirstOrDefault();
        if (schedule.State == ScheduleState.Active && next is not null)
            schedule.ComesNext(next);
        return next is not null;
    }
}
