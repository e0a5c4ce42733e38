using Portal.Data;
using Portal.Sms.Provider;

namespace Portal.Dispatch;

/// <summary>
/// Puts what a sending had planned or under way at the point that was restored in doubt: between that point and the restore
/// it may have been sent. A batch without a request of its own gets an attempt that stands for the unknown one, with the
/// latest timestamp that it can have. What was still being prepared is paused, since its next batches would be no better known.
/// </summary>
internal sealed class RestoredDoubts(Databases databases, TimeProvider clock)
{
    private static readonly string _doubt = $"""
        with open as (
            select b.batch_no, b.first_ordinal, b.numbers, b.account_id, b.attempts, b.state, b.settled
            from app.batches b
            where b.tenant_id = $1 and b.sending_id = $2 and b.state in ('planned', 'claimed', 'dispatching') for update),
        counted as (
            select o.*, -o.settled + (select count(*)::int from {BatchMessages.Of("o")} m
                         where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number)) as people
            from open o),
        begun as (
            update app.attempts a set state = 'in_doubt', why = 'restored', ended_at = clock_timestamp()
            from counted c where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = c.batch_no and a.attempt_no = c.attempts and c.state = 'dispatching'),
        stands as (
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, left_out,
                                      own_segments, granted_at, state, started_at, ended_at, why)
            select $1, $2, batch_no, attempts + 1, account_id, 0, 0, $3, people, settled, 0, clock_timestamp(), 'in_doubt', clock_timestamp(), clock_timestamp(), 'restored'
            from counted where state <> 'dispatching' and people > 0),
        moved as (
            update app.batches b set why = case when c.people > 0 then 'restored' else 'suppressed' end, changed_at = clock_timestamp(),
                   state = case when c.people > 0 then 'in_doubt' else 'cancelled' end,
                   attempts = b.attempts + case when c.state <> 'dispatching' and c.people > 0 then 1 else 0 end
            from counted c where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = c.batch_no
            returning c.people),
        sums as (select count(*) filter (where people > 0)::int as batches, coalesce(sum(people), 0)::int as people from moved),
        shown as (
            update app.sending_counts c set in_doubt = c.in_doubt + sums.people from sums where c.tenant_id = $1 and c.sending_id = $2)
        select batches, people from sums
        """;

    public async Task<(int Batches, int People, bool Paused)> RunAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locks the sending first: preparing does too, so no chunk comes in between.
        var paused = await connection.RunAsync(ct, """
            update app.sendings set state = 'paused', paused_why = 'restored'
            where tenant_id = $1 and id = $2 and state in ('preparing', 'running') and prepared_at is null
            """, scope.TenantId, sendingId);
        var (batches, people) = (0, 0);
        await using (var command = connection.Sql(_doubt, scope.TenantId, sendingId, ProviderClock.Timestamp(clock.GetUtcNow())))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            if (await reader.ReadAsync(ct))
                (batches, people) = (reader.GetInt32(0), reader.GetInt32(1));
        }
        await transaction.CommitAsync(ct);
        return (batches, people, paused > 0);
    }
}
