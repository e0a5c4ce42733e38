using Npgsql;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// A claimed batch with people where it is quiet. If others of it need not wait, or not as long, it is cut where the one end
/// and the others begin. Then all that waits as a whole is put off to its time, and not only this batch but those after it as
/// well, as far as one look reaches: people of other countries do not stand behind them. Whoever would wait past
/// <see cref="Sending.LastAt"/> is left out, and the batch called off. A batch that an earlier attempt may have sent is
/// neither cut nor called off: it waits until it is quiet for none of its people.
/// </summary>
internal sealed class HoldQuiet(Databases databases, LiveFeed live)
{
    // People looked at in one go.
    private const int Reach = 50_000;

    private const string Runs = """
        select coalesce(array_agg(b.first_ordinal + coalesce(r.next - 1, cardinality(b.numbers)) - 1 order by r.place), array[]::int[])
        from app.batches b
        cross join lateral (
            select q.place, lead(q.place) over (order by q.place) as next
            from (select p.place, row_number() over w = 1 or p.until is distinct from lag(p.until) over w as begins
                  from app.quiet_people($1, $2, $4, b.numbers, b.settled, clock_timestamp()) p window w as (order by p.place)) q
            where q.begins) r
        where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = $3
        """;

    private static readonly string _putOff = $"""
        with near as materialized (
            select b.batch_no, b.numbers, b.settled, b.attempts from app.batches b
            where b.tenant_id = $1 and b.account_id = $3 and b.sending_id = $2 and b.state = 'planned' and b.first_ordinal >= $4 and b.not_before <= clock_timestamp()
            order by b.first_ordinal limit (select greatest(1, {Reach} / s.batch_size) from app.sendings s where s.tenant_id = $1 and s.id = $2)
            for update skip locked),
        asked as materialized (
            select n.batch_no, q.*, n.settled > 0 or n.attempts > 0 and exists (
                       select from app.attempts a where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = n.batch_no and a.state = 'in_doubt') as bound
            from near n cross join lateral (
                select count(*) filter (where p.until is null) as awake, min(p.until) as first, max(p.until) as until, min(p.country) filter (where p.until is not null) as country
                from app.quiet_people($1, $2, $5, n.numbers, n.settled, clock_timestamp()) p) q
            where q.until is not null),
        fates as (
            select a.batch_no, a.until, a.country, not a.bound and coalesce(a.until > s.last_at, false) as late
            from asked a join app.sendings s on s.tenant_id = $1 and s.id = $2
            where a.bound or a.awake = 0 and a.first = a.until),
        moved as (
            update app.batches b set not_before = f.until, why = 'quiet:' || f.country, changed_at = clock_timestamp()
            from fates f where not f.late and b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = f.batch_no),
        called_off as (
            update app.batches b set state = 'cancelled', why = 'quiet_hours', changed_at = clock_timestamp()
            from fates f where f.late and b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = f.batch_no
            returning b.first_ordinal, b.numbers),
        left_out as (
            insert into app.skips (tenant_id, sending_id, number, reason, at)
            select $1, $2, m.number, 'quiet_hours', clock_timestamp() from called_off cross join {BatchMessages.Of("called_off")} m
            on conflict do nothing returning 1)
        update app.sending_counts set dropped = dropped + (select count(*) from left_out)
        where tenant_id = $1 and sending_id = $2 and exists (select from left_out)
        """;

    public async Task RunAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var runs = await connection.ScalarAsync<int[]>(ct, Runs, scope.TenantId, batch.SendingId, batch.BatchNo, batch.Month) ?? [];
        if (!await SplitSql.ClaimedAsync(connection, scope, accountId, lease, batch, runs, ct))
            await ReleaseAsync(connection, scope, lease, batch, ct);
        await connection.RunAsync(ct, _putOff, scope.TenantId, batch.SendingId, accountId, batch.FirstOrdinal, batch.Month);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, batch.SendingId, ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, batch.SendingId);
    }

    private static Task<int> ReleaseAsync(NpgsqlConnection connection, TenantScope scope, Lease lease, ClaimedBatch batch, CancellationToken ct) =>
        connection.RunAsync(ct, """
            update app.batches set state = 'planned', not_before = '-infinity', changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence);
}
