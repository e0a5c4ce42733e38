using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>A batch that this loop may send.</summary>
/// <param name="LooksForBadNumber">It is the left part of numbers that were refused together (<see cref="Batch.SuspectTo"/>).</param>
/// <param name="ProvesVersion">The key pair that signs it and that its answer proves (<see cref="Sending.ProvesVersion"/>).</param>
/// <param name="Settled">People whom receipts have told of: they are left out.</param>
internal sealed record ClaimedBatch(
    Guid SendingId, int BatchNo, DateOnly Month, int FirstOrdinal, int LastOrdinal, int TextNo, int Attempts, bool Urgent, bool LooksForBadNumber, int? ProvesVersion = null, int Settled = 0)
{
    public int AttemptNo => Attempts + 1;
}

/// <summary>
/// planned → claimed, under the fence. What is no campaign passes first; sendings of the account take turns, batch by batch.
/// A sending that is paced, or waits for its canary's receipts, gives only what lies below its ordinal of the moment.
/// </summary>
internal sealed class ClaimBatches(Databases databases, FailPoint fail)
{
    /// <summary>$1 tenant, $2 account, $3 fence, $4 how many at most, $5 the sending that was served last.</summary>
    internal const string Sql = """
        with going as (
            select s.id, s.month, s.proves_version, s.kind <> 'campaign' as urgent, least(
                       case when s.spread_until is null then 2147483647
                            else ceil(s.messages * least(1, extract(epoch from clock_timestamp() - s.not_before) / extract(epoch from s.spread_until - s.not_before)))::int end,
                       case when s.canary is null or s.canary_passed_at is not null then 2147483647 else s.canary end) as upto
            from app.sendings s join app.accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
            where s.tenant_id = $1 and s.account_id = $2 and s.state = 'running' and s.not_before <= clock_timestamp() and coalesce(s.waits_until <= clock_timestamp(), true)
              and (a.state = 'active' or (a.stopped_code = 'unproven' and s.proves_version is not null))
              and (s.prepared_at is not null or (s.spread_until is null and s.canary is null and s.most_messages is null))
              and infra.tenant_is_active($1)
              -- by ix_batches_due: one of which everything waits is not read through
              and exists (select from app.batches w
                          where w.tenant_id = $1 and w.account_id = $2 and w.state = 'planned' and w.sending_id = s.id and w.not_before <= statement_timestamp())),
        ranked as (
            select g.urgent, g.month, g.proves_version, b.batch_no, b.sending_id, row_number() over (partition by b.sending_id order by b.first_ordinal) as turn
            from going g cross join lateral (
                select p.sending_id, p.batch_no, p.first_ordinal from app.batches p
                where p.tenant_id = $1 and p.account_id = $2 and p.sending_id = g.id and p.state = 'planned'
                  and p.first_ordinal < g.upto and p.not_before <= statement_timestamp()
                order by p.first_ordinal limit $4) b),
        due as (
            select b.sending_id, b.batch_no, r.month, r.proves_version, r.urgent, r.turn
            from ranked r join app.batches b on b.tenant_id = $1 and b.sending_id = r.sending_id and b.batch_no = r.batch_no
            -- by its key: no index of states, whose statistics may be from when there was nothing planned
            where b.state || '' = 'planned'
            order by r.urgent desc, r.turn, r.sending_id <= $5, r.sending_id limit $4
            for update of b skip locked),
        taken as (
            update app.batches b set state = 'claimed', fence = $3, changed_at = clock_timestamp()
            from due where b.tenant_id = $1 and b.sending_id = due.sending_id and b.batch_no = due.batch_no
            returning b.sending_id, b.batch_no, due.month, b.first_ordinal, b.last_ordinal, b.text_no, b.attempts, due.urgent, b.suspect_to is not null, due.proves_version, b.settled, due.turn)
        select * from taken order by urgent desc, turn, sending_id <= $5, sending_id
        """;

    /// <param name="after">The sending that was served last: the next one's turn comes first.</param>
    public async Task<List<ClaimedBatch>> RunAsync(TenantScope scope, Guid accountId, Lease lease, int most, Guid after, CancellationToken ct)
    {
        fail.Pass(FailPoint.BeforeClaim);
        var claimed = new List<ClaimedBatch>();
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await lease.HoldAsync(connection, ct))
            return claimed;
        await using (var command = connection.Sql(Sql, scope.TenantId, accountId, lease.Fence, most, after))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                claimed.Add(Read(reader));
        }
        await transaction.CommitAsync(ct);
        fail.Pass(FailPoint.AfterClaim);
        return claimed;
    }

    /// <summary>claimed → planned again, or cancelled with their sending; nothing of them left.</summary>
    public async Task ReleaseAsync(TenantScope scope, IReadOnlyCollection<ClaimedBatch> batches, Lease lease, TimeSpan delay, CancellationToken ct)
    {
        if (batches.Count == 0)
            return;
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.RunAsync(ct, """
            update app.batches b set state = 'planned', not_before = clock_timestamp() + $5, changed_at = clock_timestamp()
            from unnest($2::uuid[], $3::int[]) c (sending_id, batch_no)
            where b.tenant_id = $1 and b.sending_id = c.sending_id and b.batch_no = c.batch_no and b.state || '' = 'claimed' and b.fence = $4
            """, scope.TenantId, batches.Select(b => b.SendingId).ToArray(), batches.Select(b => b.BatchNo).ToArray(), lease.Fence, delay);
        foreach (var sending in batches.Select(b => b.SendingId).Distinct().Order())
            await CancelSql.LeftoversAsync(connection, scope.TenantId, sending, ct);
        await transaction.CommitAsync(ct);
    }

    private static ClaimedBatch Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateOnly>(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6),
        row.GetBoolean(7), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetInt32(9), row.GetInt32(10));
}
