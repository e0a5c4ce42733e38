using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Calls a campaign off (role Sender): a scheduled one never starts, a running one sends nothing more. What has left stays
/// sent. <c>not_cancellable</c> when it is over or a draft, <c>campaign_gone</c>.
/// </summary>
public sealed class CancelCampaign
{
    private readonly PortalDbFactory _dbs;
    private readonly CampaignControl _control;
    private readonly ControlSending _sendings;
    private readonly WakeUps _wakeUps;
    private readonly LiveFeed _live;
    private readonly TimeProvider _clock;

    internal CancelCampaign(PortalDbFactory dbs, CampaignControl control, ControlSending sendings, WakeUps wakeUps, LiveFeed live, TimeProvider clock) =>
        (_dbs, _control, _sendings, _wakeUps, _live, _clock) = (dbs, control, sendings, wakeUps, live, clock);

    public async Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        var campaign = await _control.FindAsync(member, campaignId, ct);
        // It may start in this moment: then there is a sending to cancel.
        if (campaign?.State is CampaignState.Scheduled or CampaignState.AwaitingApproval && await CallOffAsync(member, campaignId, ct))
        {
            await _wakeUps.ForgetAsync(campaignId, campaign.WakeJob, ct);
            _live.Publish(member.TenantId, campaignId);
            return campaignId;
        }
        return await _control.MoveAsync(
            member, campaignId, id => _sendings.CancelAsync(member.Scope, id, ct), AuditActions.CampaignCancelled, "not_cancellable", ct);
    }

    private async Task<bool> CallOffAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        await using var db = _dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var campaign = await db.LockAsync(campaignId, ct);
        if (campaign?.State is not (CampaignState.Scheduled or CampaignState.AwaitingApproval))
            return false;
        campaign.State = CampaignState.Cancelled;
        campaign.ChangedAt = _clock.GetUtcNow();
        db.Add(member.Note(AuditActions.CampaignCancelled, campaignId, campaign.ChangedAt, "0"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
