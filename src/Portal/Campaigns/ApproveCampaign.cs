using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="AskedAt">Of the request that the person saw: nothing else is approved.</param>
public sealed record ApproveCampaignInput(Guid CampaignId, DateTimeOffset AskedAt);

/// <summary>
/// A second person lets a campaign go out (role Manager): neither who began it nor who asked. Past its planned time it is
/// approved but not started: its author is asked for another time. A schedule's run approves its later runs too. Refused for the whole form with <c>campaign_gone</c>,
/// <c>not_awaiting</c>, <c>changed_elsewhere</c>, <c>own_campaign</c>; else with what scheduling would refuse, at its field.
/// </summary>
public sealed class ApproveCampaign
{
    private readonly PortalDbFactory _dbs;
    private readonly Databases _databases;
    private readonly CampaignExamination _examination;
    private readonly WakeUps _wakeUps;
    private readonly LiveFeed _live;

    internal ApproveCampaign(PortalDbFactory dbs, Databases databases, CampaignExamination examination, WakeUps wakeUps, LiveFeed live) =>
        (_dbs, _databases, _examination, _wakeUps, _live) = (dbs, databases, examination, wakeUps, live);

    public async Task<Result<Guid>> RunAsync(Member member, ApproveCampaignInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        if (await _examination.RunAsync(member.Scope, input.CampaignId, ct) is not { } examined)
            return new Problem("", "campaign_gone");
        // Its time may be over by now; whatever else is wrong is to be put right first.
        if (examined.Campaign.State == CampaignState.AwaitingApproval && examined.Problems.Where(p => !IsTime(p)).ToList() is { Count: > 0 } problems)
            return problems;

        var people = await Approvals.CountAsync(_databases, member.TenantId, examined.Campaign.ListIds, ct);
        await using var db = _dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var campaign = await db.LockAsync(input.CampaignId, ct);
        if (Approvals.Refuse(campaign, member, input.AskedAt) is { } refusal)
            return refusal;
        var now = await db.NowAsync(ct);
        var late = examined.Problems.Any(IsTime) || campaign!.PlannedAt is not null && campaign.DueAt <= now;
        if (!late && campaign!.PlannedAt is null)
            campaign.DueAt = now.AddSeconds(examined.UndoSeconds);
        (campaign!.State, campaign.ApprovedBy, campaign.ChangedAt, campaign.MissedAt) = (CampaignState.Scheduled, member.UserId, now, late ? now : null);
        campaign.ApprovedUpTo = Approvals.UpTo(people);
        await RenewAsync(db, member, campaign, people, now, ct);
        db.Add(member.Note(
            late ? AuditActions.CampaignApprovedLate : AuditActions.CampaignApproved, campaign.Id, now,
            examined.Measure.Messages.ToString(CultureInfo.InvariantCulture), campaign.DueAt!.Value.ToString("O", CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (!late)
            await _wakeUps.OrderAsync(member.Scope, campaign.Id, campaign.DueAt.Value, ct);
        _live.Publish(member.TenantId, campaign.Id);
        return campaign.Id;
    }

    // The later runs of its schedule need not ask again, if they are as this one.
    private static async Task RenewAsync(PortalDb db, Member member, Campaign campaign, int people, DateTimeOffset now, CancellationToken ct)
    {
        if (campaign.ScheduleId is not { } id || await db.LockScheduleAsync(id, ct) is not { } schedule || schedule.State == ScheduleState.Ended)
            return;
        if (schedule.IsOf(member.UserId) || schedule.AccountId != campaign.AccountId || schedule.Text != campaign.Text || !schedule.ListIds.SequenceEqual(campaign.ListIds))
            return;
        schedule.Approve(people, member.UserId, member.Name);
        db.Add(member.Note(AuditActions.ScheduleApproved, id, now, people.ToString(CultureInfo.InvariantCulture), Approvals.UpTo(people).ToString(CultureInfo.InvariantCulture)));
    }

    private static bool IsTime(Problem problem) => problem.Field is "PlannedAt" or "NotAfter";
}
