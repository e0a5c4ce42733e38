using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Makes a new draft of any campaign (role Sender), with its lists, account and text but without its time. <c>campaign_gone</c> when there is none.</summary>
public sealed class DuplicateCampaign(PortalDbFactory dbs, TimeProvider clock)
{
    private const string Mark = " (2)";

    /// <returns>The new draft's id.</returns>
    public async Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var original = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId, ct);
        if (original is null)
            return new Problem("", "campaign_gone");
        var now = clock.GetUtcNow();
        var name = original.Name.Length + Mark.Length > CampaignName.Longest ? original.Name[..(CampaignName.Longest - Mark.Length)] : original.Name;
        var copy = new Campaign
        {
            TenantId = member.TenantId,
            Name = name + Mark,
            AccountId = original.AccountId,
            ListIds = original.ListIds,
            Text = original.Text,
            TimeZone = original.TimeZone,
            CreatedBy = member.UserId,
            CreatedByName = CampaignName.Cut(member.Name),
            CreatedAt = now,
            ChangedAt = now,
        };
        (CampaignPace.Of(original) with { FinishBy = null }).ApplyTo(copy);
        db.AddRange(copy, member.Note(AuditActions.CampaignDuplicated, copy.Id, now, original.Name));
        await db.SaveChangesAsync(ct);
        return copy.Id;
    }
}
