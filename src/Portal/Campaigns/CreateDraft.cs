using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="Name">What the page calls a campaign without a name; at most 100 characters.</param>
/// <param name="TimeZone">IANA zone in which its time will be entered.</param>
public sealed record CreateDraftInput(string Name, string TimeZone);

/// <summary>Makes an empty draft (role Sender), so that nothing typed from then on can be lost.</summary>
public sealed class CreateDraft(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Guid> RunAsync(Member member, CreateDraftInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var now = clock.GetUtcNow();
        var campaign = new Campaign
        {
            TenantId = member.TenantId,
            Name = CampaignName.Cut(input.Name),
            TimeZone = input.TimeZone,
            CreatedBy = member.UserId,
            CreatedByName = CampaignName.Cut(member.Name),
            CreatedAt = now,
            ChangedAt = now,
        };
        db.AddRange(campaign, member.Note(AuditActions.CampaignCreated, campaign.Id, now));
        await db.SaveChangesAsync(ct);
        return campaign.Id;
    }
}
