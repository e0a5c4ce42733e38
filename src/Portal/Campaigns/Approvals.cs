using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Who may decide about a campaign that waits for approval. Database constraint <c>ck_campaigns_approved</c> says the same.</summary>
internal static class Approvals
{
    /// <summary>Null when the member may decide about the request that was made at that time.</summary>
    public static Problem? Refuse(Campaign? campaign, Member member, DateTimeOffset askedAt) => campaign switch
    {
        null => new Problem("", "campaign_gone"),
        { State: not CampaignState.AwaitingApproval } => new Problem("", "not_awaiting"),
        _ when campaign.AskedAt != askedAt => new Problem("", "changed_elsewhere"),
        _ when campaign.AskedBy == member.UserId || campaign.CreatedBy == member.UserId => new Problem("", "own_campaign"),
        _ => null,
    };
}
