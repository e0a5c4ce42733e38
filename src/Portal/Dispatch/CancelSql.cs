using Npgsql;

namespace Portal.Dispatch;

/// <summary>
/// Calls planned batches of a cancelled sending off, and counts their people. One that was to be sent again after a doubt is in
/// doubt as before. Safe to repeat.
/// </summary>
internal static class CancelSql
{
    public static Task<int> LeftoversAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, CancellationToken ct) =>
        connection.RunAsync(ct, $"""
            with off as (
                update app.batches b
                set (state, why) = (select case when max(a.attempt_no) is null then 'cancelled' else 'in_doubt' end, (array_agg(a.why order by a.attempt_no desc))[1]
                                    from app.attempts a where b.attempts > 0 and a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = b.batch_no and a.state = 'in_doubt'),
                    changed_at = clock_timestamp()
                where b.tenant_id = $1 and b.sending_id = $2 and b.state = 'planned'
                  -- asked first: of a sending that goes on no batch is read
                  and (select s.state = 'cancelled' from app.sendings s where s.tenant_id = $1 and s.id = $2)
                returning b.batch_no, b.state, b.last_ordinal - b.first_ordinal + 1 - b.settled as people, b.first_ordinal, b.numbers),
            reopened as (
                update app.attempts a set decided_at = null
                from off where off.state = 'in_doubt' and a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = off.batch_no
                  and a.attempt_no = (select max(n.attempt_no) from app.attempts n where n.tenant_id = $1 and n.sending_id = $2 and n.batch_no = off.batch_no and n.state = 'in_doubt')),
            counted as (
                select coalesce(sum(people - skipped) filter (where state = 'cancelled'), 0) as cancelled, coalesce(sum(people - skipped) filter (where state = 'in_doubt'), 0) as in_doubt
                from off cross join lateral (
                    select count(*) as skipped from {BatchMessages.Of("off")} m
                    join app.skips k on k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number) k)
            update app.sending_counts set cancelled = cancelled + (select cancelled from counted), in_doubt = in_doubt + (select in_doubt from counted)
            where tenant_id = $1 and sending_id = $2 and exists (select from off)
            """, tenantId, sendingId);
}
