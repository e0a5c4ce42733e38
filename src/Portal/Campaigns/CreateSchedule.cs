using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="Version">Of the draft that was reviewed: nothing else is made a schedule.</param>
/// <param name="AcceptSkips">People who lack a field of the text get nothing, at every run, and the person has seen that.</param>
public sealed record CreateScheduleInput(Guid CampaignId, uint Version, bool AcceptSkips);

/// <summary>
/// Makes a schedule out of a draft with a rule (role Sender); the draft becomes the schedule. Refused with problems as
/// <see cref="ScheduleCampaign"/>, and with those of the rule as <see cref="RepeatPlan.Read"/>.
/// </summary>
public sealed class CreateSchedule
{
    private readonly PortalDbFactory _dbs;
    private readonly CampaignExamination _examination;
    private readonly LiveFeed _live;

    internal CreateSchedule(PortalDbFactory dbs, CampaignExamination examination, LiveFeed live) => (_dbs, _examination, _live) = (dbs, examination, live);

    /// <returns>The schedule's id.</returns>
    public async Task<Result<Guid>> RunAsync(Member member, CreateScheduleInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (await _examination.RunAsync(member.Scope, input.CampaignId, ct) is not { } examined)
            return new Problem("", "campaign_gone");
        if (examined.Campaign.State != CampaignState.Draft)
            return new Problem("", "not_a_draft");
        if (examined.Version != input.Version || examined.Campaign.Repeat is null)
            return new Problem("", "changed_elsewhere");
        if (examined.Refuse(input.AcceptSkips) is { Count: > 0 } problems)
            return problems;
        if (!await MakeAsync(member, input, examined, ct))
            return new Problem("", "changed_elsewhere");
        _live.Publish(member.TenantId, input.CampaignId);
        return input.CampaignId;
    }

    // Whoever takes the draft away has made it a schedule: a second click, another tab find nothing to take.
    private async Task<bool> MakeAsync(Member member, CreateScheduleInput input, Examined examined, CancellationToken ct)
    {
        await using var db = _dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var version = input.Version.ToString(CultureInfo.InvariantCulture);
        var taken = await db.Database.ExecuteSqlAsync(
            $"delete from app.campaigns where tenant_id = {member.TenantId} and id = {input.CampaignId} and state = 'draft' and xmin::text = {version}", ct);
        if (taken == 0)
            return false;
        var (draft, now) = (examined.Campaign, await db.NowAsync(ct));
        var schedule = new Schedule
        {
            TenantId = member.TenantId,
            Id = draft.Id,
            Name = draft.Name,
            AccountId = draft.AccountId!.Value,
            ListIds = draft.ListIds,
            Text = draft.Text,
            TimeZone = draft.TimeZone,
            Rule = RecurrenceText.Write(examined.Repeat!.Rule),
            StartsOn = draft.RepeatFrom!.Value,
            EndsOn = draft.RepeatUntil,
            StartWithin = draft.RepeatWithin,
            CreatedBy = member.UserId,
            CreatedByName = CampaignName.Cut(member.Name),
            CreatedAt = now,
            ChangedAt = now,
        };
        // By the database's clock, as the runs themselves.
        schedule.ComesNext(examined.Repeat.After(now).FirstOrDefault());
        if (schedule.NextDueAt is not { } first)
            return false;
        db.AddRange(schedule, member.Note(AuditActions.ScheduleCreated, schedule.Id, now, first.ToString("O", CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
