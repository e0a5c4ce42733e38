using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Deletes a draft (role Sender). <c>not_a_draft</c> for everything else: what was sent stays told.</summary>
public sealed class DeleteDraft(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var deleted = await db.Set<Campaign>().Where(c => c.Id == campaignId && c.State == CampaignState.Draft).ExecuteDeleteAsync(ct);
        if (deleted == 0)
            return new Problem("", "not_a_draft");
        db.Add(member.Note(AuditActions.CampaignDeleted, campaignId, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return campaignId;
    }
}
