using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// claimed → dispatching: the last gate before the first byte leaves. One transaction, committed durably (the role has
/// <c>synchronous_commit = on</c>), checks the fence against the locked lease, the stop flags of account, sending and
/// tenant, the suppressions and quiet hours, takes what it sends from the limits, and writes the attempt.
/// </summary>
internal sealed class BeginAttempt(Databases databases)
{
    /// <param name="segments">Billed parts of all its numbers together, as we count them.</param>
    /// <returns>Not begun: nothing was written and nothing may leave.</returns>
    public async Task<Begun> RunAsync(
        TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, int keyVersion, string timestamp, int numbers, int segments, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await lease.HoldAsync(connection, ct) || !await MayGoAsync(connection, scope, accountId, batch, ct))
            return Begun.NotNow;
        if (await QuietAsync(connection, scope, batch, ct) is { } quiet)
            return new Begun(false, null, quiet);
        if (await QuotaAsync(connection, scope, accountId, numbers, segments, ct) is { } full)
            return new Begun(false, full, null);
        var taken = await connection.RunAsync(ct, """
            update app.batches set state = 'dispatching', attempts = $5, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence, batch.AttemptNo);
        if (taken == 0)
            return Begun.NotNow;
        await connection.RunAsync(ct, """
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, own_segments, counted_on, state, started_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, app.local_day($1), 'dispatching', clock_timestamp())
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo, accountId, lease.Fence, keyVersion, timestamp, numbers, segments);
        await transaction.CommitAsync(ct);
        return Begun.Now;
    }

    private static async Task<QuietUntil?> QuietAsync(NpgsqlConnection connection, TenantScope scope, ClaimedBatch batch, CancellationToken ct)
    {
        await using var command = connection.Sql(
            "select nullif(until, 'infinity'), until = 'infinity' from (select app.quiet_batch_until($1, $2, $3, $4, $5) as until) q where until is not null",
            scope.TenantId, batch.SendingId, batch.Month, batch.FirstOrdinal, batch.LastOrdinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetBoolean(1) ? null : reader.GetFieldValue<DateTimeOffset>(0)) : null;
    }

    private static async Task<QuotaFull?> QuotaAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, int numbers, int segments, CancellationToken ct)
    {
        await using var command = connection.Sql("select again_at, why, too_large from app.take_quota($1, $2, $3, $4)", scope.TenantId, accountId, numbers, segments);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(1, ct) ? null : new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetBoolean(2));
    }

    // Shared locks: a pause or a stop waits for this commit, and every later attempt sees it.
    private static Task<bool> MayGoAsync(NpgsqlConnection connection, TenantScope scope, Guid accountId, ClaimedBatch batch, CancellationToken ct) =>
        connection.ScalarAsync<bool>(ct, """
            select infra.tenant_is_active($1)
               and not exists (select from app.messages m join app.suppressions x on x.tenant_id = $1 and x.number = m.number
                               where m.tenant_id = $1 and m.month = $4 and m.sending_id = $3 and m.ordinal between $5 and $6
                                 and not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $3 and k.number = m.number))
            from app.accounts a, app.sendings s
            where a.tenant_id = $1 and a.id = $2 and a.state = 'active'
              and s.tenant_id = $1 and s.id = $3 and s.state = 'running' and s.not_before <= clock_timestamp()
            for share of a, s
            """, scope.TenantId, accountId, batch.SendingId, batch.Month, batch.FirstOrdinal, batch.LastOrdinal);
}

/// <summary>Whether an attempt has begun.</summary>
/// <param name="Full">The limit that it did not begin for; null otherwise.</param>
/// <param name="Quiet">It is quiet where its people are; null otherwise.</param>
internal sealed record Begun(bool Ok, QuotaFull? Full, QuietUntil? Quiet)
{
    public static Begun Now { get; } = new(true, null, null);

    public static Begun NotNow { get; } = new(false, null, null);
}

/// <param name="At">When none of its people's zones is quiet; null: there is no such time within two weeks.</param>
internal sealed record QuietUntil(DateTimeOffset? At);

/// <summary>A limit is used up.</summary>
/// <param name="AgainAt">When it begins anew.</param>
/// <param name="Why">Its word: <c>day_messages</c>, <c>account_month_segments</c>, <c>trial_messages</c> …</param>
/// <param name="TooLarge">The batch alone is more than it allows.</param>
internal sealed record QuotaFull(DateTimeOffset AgainAt, string Why, bool TooLarge);
