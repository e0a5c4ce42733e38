using Microsoft.EntityFrameworkCore;
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

    /// <summary>What was approved for so many people holds for a tenth more: lists grow a little between two runs.</summary>
    public static int UpTo(int people) => people + people / 10;

    /// <summary>To more people it must not go out without a second person; null: to however many. What was approved before the number was kept is not asked about.</summary>
    public static async Task<int?> MostAsync(PortalDb db, Campaign campaign, CancellationToken ct)
    {
        if (campaign is { ApprovedBy: not null, ApprovedUpTo: null })
            return null;
        var above = await db.Set<TenantSettings>().Select(s => s.ApprovalAbove).SingleAsync(ct);
        return above is { } alone ? Math.Max(alone, campaign.ApprovedUpTo ?? 0) : null;
    }

    /// <summary>By now its lists hold more people than that: they have grown since, or it is the run of a schedule.</summary>
    public static async Task<bool> MissingAsync(PortalDb db, Databases databases, Campaign campaign, CancellationToken ct) =>
        await MostAsync(db, campaign, ct) is { } most && await CountAsync(databases, db.TenantId, campaign.ListIds, ct) > most;

    /// <summary>People on these lists whom the rules let through.</summary>
    public static async Task<int> CountAsync(Databases databases, Guid tenantId, Guid[] listIds, CancellationToken ct) =>
        await databases.OnceAsync<int>(DatabaseRole.Dispatch, new(tenantId), ct, $"""
            select count(*)::int
            from app.contacts c left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
            where c.tenant_id = $1 and exists (select from app.list_members m where m.tenant_id = $1 and m.contact_id = c.id and m.list_id = any ($2))
              and ({SkipRules.Reason}) is null
            """, tenantId, listIds);

    /// <summary>It waits for a second person instead of starting, or of going on.</summary>
    public static void Ask(Campaign campaign, DateTimeOffset now)
    {
        (campaign.State, campaign.ChangedAt, campaign.AskedAt) = (CampaignState.AwaitingApproval, now, now);
        (campaign.ApprovedBy, campaign.ApprovedUpTo) = (null, null);
        // Of a schedule's run: who changed it last.
        (campaign.AskedBy, campaign.AskedByName) = (campaign.AskedBy ?? campaign.CreatedBy, campaign.AskedByName ?? campaign.CreatedByName);
    }
}
