using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>What the three use cases that steer a running campaign share.</summary>
internal sealed class CampaignControl(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Campaign?> FindAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        return await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, ct);
    }

    /// <summary>Moves the campaign's sending and tells it. The sending's own transaction has decided by then.</summary>
    public async Task<Result<Guid>> MoveAsync(Member member, Guid campaignId, Func<Guid, Task<bool>> move, string action, string refusal, CancellationToken ct)
    {
        var campaign = await FindAsync(member, campaignId, ct);
        if (campaign is null)
            return new Problem("", "campaign_gone");
        if (campaign.SendingId is not { } sendingId || !await move(sendingId))
            return new Problem("", refusal);
        await using var db = dbs.Create(member.Scope);
        var waiting = await db.Set<SendingCounts>().Where(c => c.SendingId == sendingId).Select(c => c.Cancelled).SingleAsync(ct);
        db.Add(member.Note(action, campaignId, clock.GetUtcNow(), waiting.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        live.Publish(member.TenantId, campaignId);
        return campaignId;
    }
}
