using Portal.Audit;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Lets a paused campaign go on (role Sender). <c>not_paused</c>, <c>campaign_gone</c>.</summary>
public sealed class ResumeCampaign
{
    private readonly CampaignControl _control;
    private readonly ControlSending _sendings;

    internal ResumeCampaign(CampaignControl control, ControlSending sendings) => (_control, _sendings) = (control, sendings);

    public Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct) =>
        _control.MoveAsync(member, campaignId, id => _sendings.ResumeAsync(member.Scope, id, ct), AuditActions.CampaignResumed, "not_paused", ct);
}
