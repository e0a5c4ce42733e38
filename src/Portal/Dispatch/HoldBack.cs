using Npgsql;
using NpgsqlTypes;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// A claimed batch for which a limit has no room. Its sending waits, but is looked at again every minute: a limit that was
/// raised, a trial that was lifted and what was given back need tell nobody. A batch that alone is more than the limit goes
/// on as two halves. A batch whose people have quiet hours moves as a whole to when none of them has; where there is no such time
/// it goes on as two halves, and where even that does not help within <see cref="_longest"/> its sending pauses and asks.
/// </summary>
internal sealed class HoldBack(Databases databases, ClaimBatches claims, LiveFeed live)
{
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(72);

    public async Task RunAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, QuotaFull full, CancellationToken ct)
    {
        if (!full.TooLarge || !await SplitAsync(scope, accountId, lease, batch, ct))
        {
            await WaitAsync(scope, batch, full, ct);
            await claims.ReleaseAsync(scope, batch, lease, TimeSpan.Zero, ct);
        }
        live.Publish(scope.TenantId, batch.SendingId);
    }

    public async Task QuietAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, QuietUntil quiet, CancellationToken ct)
    {
        if (quiet.At is not null || !await SplitAsync(scope, accountId, lease, batch, ct))
            await MoveAsync(scope, lease, batch, quiet, ct);
        live.Publish(scope.TenantId, batch.SendingId);
    }

    private async Task MoveAsync(TenantScope scope, Lease lease, ClaimedBatch batch, QuietUntil quiet, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.RunAsync(ct, """
            update app.batches set state = 'planned', why = 'quiet_hours', not_before = coalesce($5, clock_timestamp()), changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence, Instant(quiet.At));
        await connection.RunAsync(ct, """
            update app.sendings set state = 'paused', waits_for = 'quiet_hours'
            where tenant_id = $1 and id = $2 and state = 'running' and coalesce($3 > created_at + $4, true)
            """, scope.TenantId, batch.SendingId, Instant(quiet.At), _longest);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
    }

    private static NpgsqlParameter Instant(DateTimeOffset? at) => new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private async Task WaitAsync(TenantScope scope, ClaimedBatch batch, QuotaFull full, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, """
            update app.sendings set not_before = least($3, clock_timestamp() + $5), waits_for = $4
            where tenant_id = $1 and id = $2 and state = 'running' and not_before <= clock_timestamp()
            """, scope.TenantId, batch.SendingId, full.AgainAt, full.Why, _lookAgain);
    }

    private async Task<bool> SplitAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, CancellationToken ct)
    {
        if (batch.FirstOrdinal == batch.LastOrdinal)
            return false;
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var split = await connection.RunAsync(ct, """
            update app.batches set state = 'split', changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence);
        if (split == 0)
            return false;
        await SplitSql.HalvesAsync(connection, scope.TenantId, accountId, batch, ct);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
