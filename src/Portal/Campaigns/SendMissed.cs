using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Sends a missed campaign all the same, after the undo window (role Sender). <c>campaign_gone</c>, <c>not_missed</c>; problems at
/// <c>AccountId</c>, <c>ListIds</c>, <c>Text</c> as <see cref="ScheduleCampaign"/>.
/// </summary>
public sealed class SendMissed
{
    private readonly MissedDecision _decision;

    internal SendMissed(MissedDecision decision) => _decision = decision;

    /// <returns>When it starts.</returns>
    public Task<Result<DateTimeOffset>> RunAsync(Member member, Guid campaignId, CancellationToken ct) =>
        _decision.RunAsync(member, campaignId, AuditActions.CampaignSentLate, (_, _) => ((DateTime, DateTimeOffset)?)null, ct);
}
