using Portal.Campaigns;
using Portal.Data;

namespace Portal.Web.Campaigns;

/// <summary>What Hangfire calls at a campaign's time. Its arguments are ids only: they are stored in clear text.</summary>
public sealed class CampaignJob(StartCampaign start)
{
    /// <summary>Starts the campaign if it is due; whatever else its row says, nothing happens.</summary>
    public Task RunAsync(Guid tenantId, Guid campaignId, CancellationToken ct) => start.RunAsync(new TenantScope(tenantId), campaignId, ct);
}
