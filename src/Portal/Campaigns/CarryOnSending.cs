using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;

namespace Portal.Campaigns;

/// <summary>Takes a sending a step further and tells it in its campaign's timeline: dispatch itself knows no campaign.</summary>
public sealed class CarryOnSending(PortalDbFactory dbs, PrepareSending prepare, FinishSending finish, LiveFeed live)
{
    /// <summary>Prepares what is not prepared yet. Safe to repeat, and beside another.</summary>
    public async Task PrepareAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await prepare.RunAsync(scope, sendingId, ct);
        if (await TakeBackAsync(scope, sendingId, ct))
            return;
        if (await ReadAsync(scope, sendingId, ct) is { PreparedAt: { } at, CampaignId: { } campaign } sending)
            await dbs.NoteOnceAsync(scope, scope.Note(AuditActions.CampaignPrepared, campaign, at, Number(sending.Messages), Number(sending.Batches), Number(sending.Counts.Skipped)), ct);
    }

    /// <summary>Ends a sending that has nothing left to do.</summary>
    public async Task FinishAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        if (!await finish.RunAsync(scope, sendingId, ct))
            return;
        if (await ReadAsync(scope, sendingId, ct) is not { FinishedAt: { } at, CampaignId: { } campaign } sending)
            return;
        var counts = sending.Counts;
        await dbs.NoteOnceAsync(
            scope, scope.Note(AuditActions.CampaignFinished, campaign, at, Number(counts.Accepted), Number(counts.InDoubt)), ct);
        live.Publish(scope.TenantId, campaign);
    }

    /// <summary>
    /// The lists grew between the count at the start and the end of preparing, to more people than one person may decide about:
    /// nothing has left, its campaign waits for a second person, and starts with a new sending then.
    /// </summary>
    private async Task<bool> TakeBackAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var outgrown = db.Set<Sending>().Where(s => s.Id == sendingId && s.State == SendingState.Cancelled && s.PreparedAt != null && s.Messages > s.MostMessages);
        if (await db.Set<Campaign>().Where(c => c.SendingId == sendingId && outgrown.Any()).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(ct) is not { } id)
            return false;
        if (await db.LockAsync(id, ct) is not { State: CampaignState.Started } campaign || campaign.SendingId != sendingId)
            return false;
        var now = await db.NowAsync(ct);
        (campaign.SendingId, campaign.StartedAt) = (null, null);
        Approvals.Ask(campaign, now);
        db.Add(scope.Note(AuditActions.CampaignApprovalNeeded, id, now));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, id);
        return true;
    }

    private async Task<Known?> ReadAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        return await (
            from sending in db.Set<Sending>().AsNoTracking()
            join counts in db.Set<SendingCounts>().AsNoTracking() on sending.Id equals counts.SendingId
            where sending.Id == sendingId
            select new Known(
                db.Set<Campaign>().Where(c => c.SendingId == sendingId).Select(c => (Guid?)c.Id).SingleOrDefault(),
                sending.PreparedAt, sending.FinishedAt, sending.Messages, sending.Batches, counts)).SingleOrDefaultAsync(ct);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Known(Guid? CampaignId, DateTimeOffset? PreparedAt, DateTimeOffset? FinishedAt, int Messages, int Batches, SendingCounts Counts);
}
