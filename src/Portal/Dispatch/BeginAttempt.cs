using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// claimed → dispatching: the last gate before the first byte leaves. One transaction, committed durably (the role has
/// <c>synchronous_commit = on</c>), checks the fence against the locked lease, the stop flags of account, sending and
/// tenant, and the suppressions, and writes the attempt.
/// </summary>
internal sealed class BeginAttempt(Databases databases)
{
    /// <summary>False: not now. Nothing was written and nothing may leave.</summary>
    public async Task<bool> RunAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, int keyVersion, string timestamp, int numbers, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await lease.HoldAsync(connection, ct) || !await MayGoAsync(connection, scope, accountId, batch, ct))
            return false;
        var taken = await connection.RunAsync(ct, """
            update app.batches set state = 'dispatching', attempts = $5, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence, batch.AttemptNo);
        if (taken == 0)
            return false;
        await connection.RunAsync(ct, """
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, state, started_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'dispatching', clock_timestamp())
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo, accountId, lease.Fence, keyVersion, timestamp, numbers);
        await transaction.CommitAsync(ct);
        return true;
    }

    // Shared locks: a pause or a stop waits for this commit, and every later attempt sees it.
    private static Task<bool> MayGoAsync(Npgsql.NpgsqlConnection connection, TenantScope scope, Guid accountId, ClaimedBatch batch, CancellationToken ct) =>
        connection.ScalarAsync<bool>(ct, $"""
            select infra.tenant_is_active($1)
               and not exists (select from app.batches b cross join {BatchMessages.Of("b", "$4")} m
                               where b.tenant_id = $1 and b.sending_id = $3 and b.batch_no = $5
                                 and exists (select from app.suppressions x where x.tenant_id = $1 and x.number = m.number offset 0)
                                 and not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $3 and k.number = m.number offset 0))
            from app.accounts a, app.sendings s
            where a.tenant_id = $1 and a.id = $2 and a.state = 'active'
              and s.tenant_id = $1 and s.id = $3 and s.state = 'running' and s.not_before <= clock_timestamp()
            for share of a, s
            """, scope.TenantId, accountId, batch.SendingId, batch.Month, batch.BatchNo);
}
