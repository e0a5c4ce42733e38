using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// A claimed batch for which a limit has no room. Its sending waits, but is looked at again every minute: a limit that was
/// raised, a trial that was lifted and what was given back need tell nobody. A batch that alone is more than the limit goes
/// on as two halves, unless an earlier attempt of it is in doubt: evidence belongs to the batch as it was.
/// </summary>
internal sealed class HoldBack(Databases databases, ClaimBatches claims, LiveFeed live)
{
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMinutes(1);

    public async Task RunAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, QuotaFull full, CancellationToken ct)
    {
        if (!full.TooLarge || !await SplitAsync(scope, accountId, lease, batch, ct))
        {
            await WaitAsync(scope, accountId, batch, full, ct);
            await claims.ReleaseAsync(scope, [batch], lease, TimeSpan.Zero, ct);
        }
        live.Publish(scope.TenantId, batch.SendingId);
    }

    private async Task WaitAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, QuotaFull full, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, """
            update app.sendings
            set waits_for = $4, waits_until = least(clock_timestamp() + $5, (select l.again_at from app.limits_now($1, $3) l where l.why = $4))
            where tenant_id = $1 and id = $2 and state = 'running' and coalesce(waits_until <= clock_timestamp(), true)
            """, scope.TenantId, batch.SendingId, accountId, full.Why, _lookAgain);
    }

    private async Task<bool> SplitAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var middle = batch.FirstOrdinal + (batch.LastOrdinal - batch.FirstOrdinal) / 2;
        if (!await SplitSql.ClaimedAsync(connection, scope, accountId, lease, batch, [middle, batch.LastOrdinal], ct))
            return false;
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
