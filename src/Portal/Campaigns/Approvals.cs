using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>When a second person must decide, and who may. Database constraint <c>ck_campaigns_approved</c> says the same of the latter.</summary>
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

    /// <summary>
    /// Nobody approved it, and by now its lists hold more people whom the rules let through than one person may decide about:
    /// the lists have grown since it was scheduled, or it is the run of a schedule.
    /// </summary>
    public static async Task<bool> MissingAsync(Databases databases, Campaign campaign, CancellationToken ct) =>
        campaign.ApprovedBy is null && await databases.OnceAsync<bool>(DatabaseRole.Dispatch, new(campaign.TenantId), ct, $"""
            select case when t.approval_above is not null then
                (select count(*) > t.approval_above
                 from app.contacts c left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
                 where c.tenant_id = $1 and exists (select from app.list_members m where m.tenant_id = $1 and m.contact_id = c.id and m.list_id = any ($2))
                   and ({SkipRules.Reason}) is null)
                else false end
            from app.tenant_settings t where t.tenant_id = $1
            """, campaign.TenantId, campaign.ListIds);

    /// <summary>It waits for a second person instead of starting.</summary>
    public static void Ask(Campaign campaign, DateTimeOffset now)
    {
        (campaign.State, campaign.ChangedAt) = (CampaignState.AwaitingApproval, now);
        (campaign.AskedBy, campaign.AskedByName, campaign.AskedAt) = (campaign.CreatedBy, campaign.CreatedByName, now);
    }
}
