using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>What the answers to "it was missed, what now?" share: the campaign is looked at again, and planned anew once.</summary>
internal sealed class MissedDecision(PortalDbFactory dbs, CampaignExamination examination, WakeUps wakeUps, LiveFeed live)
{
    // Its time is over, which is why it is asked about; everything else must still be right.
    private static readonly string[] _fields = ["ListIds", "AccountId", "Text"];

    /// <param name="time">Reads the new time, by the database's clock; a null value is right away.</param>
    public async Task<Result<DateTimeOffset>> RunAsync(
        Member member, Guid campaignId, string action, Func<Campaign, DateTimeOffset, Result<(DateTime Wall, DateTimeOffset At)?>> time, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (await examination.RunAsync(member.Scope, campaignId, ct) is not { } examined)
            return new Problem("", "campaign_gone");
        if (examined.Campaign is not { State: CampaignState.Scheduled, MissedAt: not null } campaign)
            return new Problem("", "not_missed");
        var read = time(campaign, examined.Now);
        if (examined.Problems.Where(p => _fields.Contains(p.Field)).Concat(read.Problems).ToList() is { Count: > 0 } problems)
            return problems;
        if (await PlanAsync(member, examined, action, read.Value, ct) is not { } dueAt)
            return new Problem("", "not_missed");
        await wakeUps.OrderAsync(member.Scope, campaignId, dueAt, ct);
        live.Publish(member.TenantId, campaignId);
        return dueAt;
    }

    private async Task<DateTimeOffset?> PlanAsync(Member member, Examined examined, string action, (DateTime Wall, DateTimeOffset At)? time, CancellationToken ct)
    {
        var id = examined.Campaign.Id;
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(id, ct) is not { State: CampaignState.Scheduled, MissedAt: not null } campaign)
            return null;
        var now = await db.NowAsync(ct);
        // The patience it was given holds from its new time on; sent at once, it was decided just now.
        var patience = campaign.NotAfter - campaign.DueAt;
        (campaign.MissedAt, campaign.MissedWhy, campaign.WakeJob, campaign.ChangedAt) = (null, null, null, now);
        campaign.PlannedAt = time?.Wall;
        campaign.DueAt = (time?.At ?? now.AddSeconds(examined.UndoSeconds)).ToUniversalTime();
        campaign.NotAfter = time is null ? null : campaign.DueAt + patience;
        db.Add(member.Note(action, id, now, campaign.DueAt.Value.ToString("O", CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return campaign.DueAt;
    }
}
