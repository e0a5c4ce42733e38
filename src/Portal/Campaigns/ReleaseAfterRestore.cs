using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Members;

namespace Portal.Campaigns;

/// <param name="HeldBack">Campaigns that came due since the point that was restored: not started, a person decides.</param>
public sealed record ReleasedAfterRestore(ReleasedDispatch Dispatch, IReadOnlyList<Guid> HeldBack);

/// <summary>
/// Lets the portal send again after a restore. Campaigns that came due since the point that was restored may have been
/// started and sent after it: they are not started but asked about, before anything else may move.
/// </summary>
public sealed class ReleaseAfterRestore
{
    private readonly ReleaseDispatch _release;
    private readonly Databases _databases;
    private readonly PortalDbFactory _dbs;
    private readonly LiveFeed _live;
    private readonly ILogger<ReleaseAfterRestore> _log;

    internal ReleaseAfterRestore(ReleaseDispatch release, Databases databases, PortalDbFactory dbs, LiveFeed live, ILogger<ReleaseAfterRestore> log) =>
        (_release, _databases, _dbs, _live, _log) = (release, databases, dbs, live, log);

    /// <param name="resumePlanned">The operator knows that nothing was sent after the point that was restored: all goes on as if nothing had been.</param>
    public async Task<Result<ReleasedAfterRestore>> RunAsync(Operator by, bool resumePlanned, CancellationToken ct)
    {
        try
        {
            return await ReleaseAsync(by, resumePlanned, ct);
        }
        catch (FenceStoreException e)
        {
            return new Problem("", "dispatch_store", e.Message);
        }
    }

    private async Task<Result<ReleasedAfterRestore>> ReleaseAsync(Operator by, bool resumePlanned, CancellationToken ct)
    {
        if (await _release.HeldAsync(ct) is null)
            return new Problem("", "dispatch_not_held");
        var heldBack = new List<Guid>();
        if (!resumePlanned)
        {
            foreach (var (scope, campaign) in await DueAsync(ct))
            {
                if (await HoldBackAsync(scope, campaign, ct))
                    heldBack.Add(campaign);
            }
        }
        var released = await _release.RunAsync(by, resumePlanned, ct);
        return released.Ok ? new ReleasedAfterRestore(released.Value, heldBack) : released.Problems.ToList();
    }

    private async Task<List<(TenantScope Scope, Guid Campaign)>> DueAsync(CancellationToken ct)
    {
        var found = new List<(TenantScope, Guid)>();
        await using var command = _databases[DatabaseRole.Dispatch].CreateCommand($"select tenant_id, campaign_id from infra.due_campaigns({int.MaxValue})");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((new(reader.GetGuid(0)), reader.GetGuid(1)));
        return found;
    }

    private async Task<bool> HoldBackAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        await using var db = _dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(campaignId, ct) is not { State: CampaignState.Scheduled, MissedAt: null } campaign)
            return false;
        campaign.MissedAt = campaign.ChangedAt = await db.NowAsync(ct);
        campaign.MissedWhy = StartObstacle.Restored;
        db.Add(scope.Note(AuditActions.CampaignHeldBack, campaignId, campaign.ChangedAt));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        CampaignLog.HeldBack(_log, campaignId);
        _live.Publish(scope.TenantId, campaignId);
        return true;
    }
}
