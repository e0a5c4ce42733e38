using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Accounts;
using Portal.Audit;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;

namespace Portal.Campaigns;

/// <summary>What came of an attempt to start a campaign.</summary>
public enum StartOutcome
{
    /// <summary>This call started it.</summary>
    Started,

    /// <summary>It is past its last allowed time, or cannot start at all, and is asked about instead.</summary>
    Missed,

    /// <summary>Nothing to do: not due, undone, started by somebody else, another tenant's, or the tenant is suspended.</summary>
    Nothing,
}

/// <summary>
/// Starts a campaign that is due, exactly once, whoever calls and however often (design section 3.2). Called by the wake-up
/// and by the sweep; the database's clock decides.
/// </summary>
public sealed class StartCampaign(PortalDbFactory dbs, Databases databases, CarryOnSending carryOn, RestoreFence fence, LiveFeed live, TimeProvider clock, ILogger<StartCampaign> log)
{
    // A wake-up comes up to a second early; more is no early wake-up but a changed plan.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    public async Task<StartOutcome> RunAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        if (!await IsDueAsync(scope, campaignId, ct))
            return StartOutcome.Nothing;
        // Held after a restore it stays scheduled; past its last time it is missed all the same.
        if (await fence.LifeAsync(ct) is not null && await StartAsync(scope, campaignId, ct) is { } sendingId)
        {
            CampaignLog.Started(log, campaignId, sendingId);
            live.Publish(scope.TenantId, campaignId);
            await carryOn.PrepareAsync(scope, sendingId, ct);
            return StartOutcome.Started;
        }
        return await MissAsync(scope, campaignId, ct) ? StartOutcome.Missed : StartOutcome.Nothing;
    }

    private async Task<bool> IsDueAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        var due = await connection.QueryAsync(r => r.GetTimeSpan(0), """
            select due_at - clock_timestamp() from app.campaigns
            where tenant_id = $1 and id = $2 and state = 'scheduled' and missed_at is null and infra.tenant_is_active($1)
            """, [scope.TenantId, campaignId], ct);
        if (due is not [var wait] || wait > _patience)
            return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait + TimeSpan.FromMilliseconds(5), clock, ct);
        return true;
    }

    private async Task<Guid?> StartAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked, so that what is sent is what is started: an undo in between would let the text be changed.
        if (await db.LockAsync(campaignId, ct) is not { State: CampaignState.Scheduled } campaign)
            return null;
        var account = await AccountAsync(db, campaign, ct);
        if (await StartObstacle.FindAsync(db, campaign, account, ct) is not null || await Approvals.MissingAsync(databases, campaign, ct))
            return null;
        var now = await db.NowAsync(ct);
        var pace = CampaignPace.Of(campaign);
        // What starts late is spread from then on, not sent in a burst for the time that was lost.
        var notBefore = pace.SpreadMinutes is null ? campaign.DueAt!.Value : now;
        var sending = Sending.Create(
            scope.TenantId, account!.Id, SendingKind.Campaign, campaign.Text, campaign.ListIds, account.BatchSize, now, notBefore,
            new SendingPace(pace.Ends(campaign.TimeZone, notBefore), pace.Canary, CampaignPace.LastAt(campaign)));
        var won = await db.Database.ExecuteSqlAsync($"""
            update app.campaigns set state = 'started', started_at = {now}, changed_at = {now}, sending_id = {sending.Id}
            where tenant_id = {scope.TenantId} and id = {campaignId} and state = 'scheduled' and missed_at is null
              and due_at <= clock_timestamp() and (not_after is null or not_after > clock_timestamp())
            """, ct);
        if (won == 0)
            return null;
        db.AddRange(
            sending, new SendingCounts { TenantId = scope.TenantId, SendingId = sending.Id },
            scope.Note(AuditActions.CampaignStarted, campaignId, now, account.Label, account.BatchSize.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return sending.Id;
    }

    private async Task<bool> MissAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(campaignId, ct) is not { State: CampaignState.Scheduled, MissedAt: null } campaign)
            return false;
        var now = await db.NowAsync(ct);
        var why = campaign.NotAfter <= now ? StartObstacle.TooLate : await StartObstacle.FindAsync(db, campaign, await AccountAsync(db, campaign, ct), ct);
        if (campaign.DueAt <= now && why is null && await Approvals.MissingAsync(databases, campaign, ct))
            return await AskAsync(db, campaign, now, ct);
        if (campaign.DueAt > now || why is null)
            return false;
        (campaign.MissedAt, campaign.MissedWhy, campaign.ChangedAt) = (now, why, now);
        db.Add(scope.Note(AuditActions.CampaignMissed, campaignId, now, campaign.NotAfter?.ToString("O", CultureInfo.InvariantCulture) ?? "", why));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        CampaignLog.Missed(log, campaignId, why);
        live.Publish(scope.TenantId, campaignId);
        return true;
    }

    private async Task<bool> AskAsync(PortalDb db, Campaign campaign, DateTimeOffset now, CancellationToken ct)
    {
        Approvals.Ask(campaign, now);
        db.Add(new TenantScope(campaign.TenantId).Note(AuditActions.CampaignApprovalNeeded, campaign.Id, now));
        await db.SaveChangesAsync(ct);
        await db.Database.CommitTransactionAsync(ct);
        live.Publish(campaign.TenantId, campaign.Id);
        return false;
    }

    private static Task<Account?> AccountAsync(PortalDb db, Campaign campaign, CancellationToken ct) =>
        db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == campaign.AccountId, ct);
}
