using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="AskedAt">Of the request that the person saw.</param>
/// <param name="Note">Why; the author reads it. At most 300 characters.</param>
public sealed record DeclineCampaignInput(Guid CampaignId, DateTimeOffset AskedAt, string Note);

/// <summary>
/// A second person says no (role Manager): the campaign is a draft again. Problems at <c>Note</c>: <c>note_missing</c>,
/// <c>note_long</c>; else as <see cref="ApproveCampaign"/>.
/// </summary>
public sealed class DeclineCampaign(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public const int LongestNote = 300;

    public async Task<Result<Guid>> RunAsync(Member member, DeclineCampaignInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        var note = input.Note.Trim();
        if (note.Length == 0)
            return new Problem("Note", "note_missing");
        if (note.Length > LongestNote)
            return new Problem("Note", "note_long", LongestNote);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var campaign = await db.LockAsync(input.CampaignId, ct);
        if (Approvals.Refuse(campaign, member, input.AskedAt) is { } refusal)
            return refusal;
        campaign!.State = CampaignState.Draft;
        (campaign.DueAt, campaign.AskedBy, campaign.AskedByName, campaign.AskedAt) = (null, null, null, null);
        campaign.ChangedAt = clock.GetUtcNow();
        db.Add(member.Note(AuditActions.CampaignDeclined, campaign.Id, campaign.ChangedAt, note));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, campaign.Id);
        return campaign.Id;
    }
}
