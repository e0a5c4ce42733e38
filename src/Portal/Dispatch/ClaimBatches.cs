using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>A batch that this loop may send.</summary>
/// <param name="Settled">People whom receipts have told of: they are left out.</param>
internal sealed record ClaimedBatch(Guid SendingId, int BatchNo, DateOnly Month, int FirstOrdinal, int LastOrdinal, int TextNo, int Attempts, int Settled)
{
    public int AttemptNo => Attempts + 1;
}

/// <summary>planned → claimed, under the fence.</summary>
internal sealed class ClaimBatches(Databases databases)
{
    public async Task<List<ClaimedBatch>> RunAsync(TenantScope scope, Guid accountId, Lease lease, int most, CancellationToken ct)
    {
        var claimed = new List<ClaimedBatch>();
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await lease.HoldAsync(connection, ct))
            return claimed;
        await using (var command = connection.Sql("""
            with due as (
                select b.sending_id, b.batch_no, s.month
                from app.batches b
                join app.sendings s on s.tenant_id = b.tenant_id and s.id = b.sending_id
                join app.accounts a on a.tenant_id = b.tenant_id and a.id = b.account_id
                where b.tenant_id = $1 and b.account_id = $2 and b.state = 'planned' and b.not_before <= clock_timestamp()
                  and s.state = 'running' and s.not_before <= clock_timestamp() and a.state = 'active'
                order by b.sending_id, b.batch_no limit $4
                for update of b skip locked)
            update app.batches b set state = 'claimed', fence = $3, changed_at = clock_timestamp()
            from due where b.tenant_id = $1 and b.sending_id = due.sending_id and b.batch_no = due.batch_no
            returning b.sending_id, b.batch_no, due.month, b.first_ordinal, b.last_ordinal, b.text_no, b.attempts, b.settled
            """, scope.TenantId, accountId, lease.Fence, most))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                claimed.Add(new ClaimedBatch(reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateOnly>(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)));
        }
        await transaction.CommitAsync(ct);
        return [.. claimed.OrderBy(b => b.SendingId).ThenBy(b => b.BatchNo)];
    }

    /// <summary>claimed → planned again, or cancelled with its sending; nothing of it left.</summary>
    public async Task ReleaseAsync(TenantScope scope, ClaimedBatch batch, Lease lease, TimeSpan delay, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.RunAsync(ct, """
            update app.batches set state = 'planned', not_before = clock_timestamp() + $5, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence, delay);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
    }
}
