using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Makes a scheduled campaign, or one that waits for approval, a draft again, as long as it has not started (role Sender). <c>not_scheduled</c> when it was
/// too late or there is no such campaign.
/// </summary>
public sealed class UndoCampaign
{
    private readonly PortalDbFactory _dbs;
    private readonly WakeUps _wakeUps;
    private readonly LiveFeed _live;
    private readonly TimeProvider _clock;

    internal UndoCampaign(PortalDbFactory dbs, WakeUps wakeUps, LiveFeed live, TimeProvider clock) =>
        (_dbs, _wakeUps, _live, _clock) = (dbs, wakeUps, live, clock);

    public async Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = _dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var campaign = await db.LockAsync(campaignId, ct);
        if (campaign?.State is not (CampaignState.Scheduled or CampaignState.AwaitingApproval))
            return new Problem("", "not_scheduled");
        var job = campaign.WakeJob;
        campaign.State = CampaignState.Draft;
        (campaign.DueAt, campaign.MissedAt, campaign.MissedWhy, campaign.WakeJob) = (null, null, null, null);
        (campaign.AskedBy, campaign.AskedByName, campaign.AskedAt, campaign.ApprovedBy) = (null, null, null, null);
        campaign.ChangedAt = _clock.GetUtcNow();
        db.Add(member.Note(AuditActions.CampaignUndone, campaignId, campaign.ChangedAt));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        await _wakeUps.ForgetAsync(campaignId, job, ct);
        _live.Publish(member.TenantId, campaignId);
        return campaignId;
    }
}
