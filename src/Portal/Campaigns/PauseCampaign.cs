using Portal.Audit;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Holds a campaign before its next request (role Sender). <c>not_running</c> when there is nothing to hold, <c>campaign_gone</c>.</summary>
public sealed class PauseCampaign
{
    private readonly CampaignControl _control;
    private readonly ControlSending _sendings;

    internal PauseCampaign(CampaignControl control, ControlSending sendings) => (_control, _sendings) = (control, sendings);

    public Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct) =>
        _control.MoveAsync(member, campaignId, id => _sendings.PauseAsync(member.Scope, id, ct), AuditActions.CampaignPaused, "not_running", ct);
}
