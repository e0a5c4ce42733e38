using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The statements that write receipts of one tenant: a few for a group, none for each receipt.</summary>
internal static class ReceiptSql
{
    /// <summary>The requests that a taskid of an account leads to: by their reply, or by evidence.</summary>
    public const string Requests = """
        cross join lateral (
            select a.sending_id, a.batch_no from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.task_id = t.task_id
            union
            select e.sending_id, e.batch_no from app.task_evidence e where e.tenant_id = $1 and e.account_id = t.account_id and e.task_id = t.task_id) q
        """;

    /// <summary>
    /// What is written of messages already. $1 tenant, $2 month (the planner looks at one partition), $3 place in the group, $4 sending,
    /// $5 number. Each by its key (offset 0): nobody has told the planner yet how many receipts there are.
    /// </summary>
    public const string Prior = """
        select i.at, r.task_id, r.status, r.times, r.meaning, r.seq
        from unnest($3, $4, $5) as i (at, sending_id, number)
        cross join lateral (
            select x.task_id, x.status, x.times, x.meaning, x.seq from app.receipts x
            where x.tenant_id = $1 and x.month = $2 and x.sending_id = i.sending_id and x.number = i.number::text offset 0) r
        """;

    /// <summary>
    /// The first receipts of people whom their batch may not count as accepted: those are settled, and told with what their batch
    /// was before. $1 tenant, $2 sending, $3 number, $4 ordinal.
    /// </summary>
    public static readonly string Tell = $"""
        with told as materialized (
            select m.sending_id, m.number, b.batch_no, b.state, k.number is not null as skipped
            from unnest($2, $3, $4) as m (sending_id, number, ordinal)
            join lateral (
                select x.batch_no, x.state from app.batches x
                where x.tenant_id = $1 and x.sending_id = m.sending_id and x.last_ordinal >= 0 and x.last_ordinal >= m.ordinal and x.first_ordinal <= m.ordinal and x.state <> 'split'
                order by x.last_ordinal limit 1) b on true
            left join app.skips k on k.tenant_id = $1 and k.sending_id = m.sending_id and k.number = m.number::text
            where b.state <> 'accepted' or k.number is not null),
        settled as (
            update app.batches b
            set settled = b.settled + t.people,
                state = case when b.state = 'in_doubt' and b.settled + t.people >= p.people then 'accepted' else b.state end,
                why = case when b.state = 'in_doubt' and b.settled + t.people >= p.people then 'receipts' else b.why end,
                changed_at = case when b.state = 'in_doubt' and b.settled + t.people >= p.people then clock_timestamp() else b.changed_at end
            from (select sending_id, batch_no, count(*)::int as people from told where not skipped group by 1, 2) t
            join app.batches n on n.tenant_id = $1 and n.sending_id = t.sending_id and n.batch_no = t.batch_no
            cross join lateral (
                select count(*) as people from {BatchMessages.Of("n")} m
                where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = t.sending_id and k.number = m.number)) p
            where b.tenant_id = $1 and b.sending_id = t.sending_id and b.batch_no = t.batch_no)
        select sending_id, case when skipped then 'skipped' else state end, count(*)::int from told group by 1, 2
        """;

    // The two halves of a tenant may change counters of the same sendings: all lock them in one order.
    private const string WriteAll = """
        with fresh as (
            insert into app.receipts (tenant_id, month, sending_id, number, nth, task_id, status, times, seq, meaning, received_at, masked)
            select $1, $2, i.sending_id, i.number::text, i.nth, w.task_id, w.status, w.times, i.seq, w.meaning, i.received_at, i.masked
            from unnest($4, $5, $6, $7, $8, $9, $10) as i (seq, sending_id, number, nth, received_at, masked, words)
            join unnest($11, $12, $13, $14) with ordinality as w (task_id, status, times, meaning, place) on w.place = i.words),
        locked as materialized (
            select sending_id from app.sending_counts where tenant_id = $1 and sending_id = any ($15) order by sending_id for update),
        counted as (
            update app.sending_counts c
            set delivered = c.delivered + d.delivered, undelivered = c.undelivered + d.undelivered, accepted = c.accepted + d.accepted,
                refused = c.refused + d.refused, in_doubt = c.in_doubt + d.in_doubt, cancelled = c.cancelled + d.cancelled, dropped = c.dropped + d.dropped
            from locked l
            join unnest($15, $16, $17, $18, $19, $20, $21, $22) as d (sending_id, delivered, undelivered, accepted, refused, in_doubt, cancelled, dropped) on d.sending_id = l.sending_id
            where c.tenant_id = $1 and c.sending_id = l.sending_id),
        pulse as (
            insert into app.receipt_pulses as p (tenant_id, account_id, last_at, applied_at, lag_ms, receipts)
            select $1, a.account_id, a.last_at, clock_timestamp(), (extract(epoch from clock_timestamp() - a.last_at) * 1000)::int, a.receipts
            from unnest($23, $24, $25) a (account_id, last_at, receipts)
            on conflict (tenant_id, account_id) do update set last_at = greatest(p.last_at, excluded.last_at), applied_at = excluded.applied_at,
                lag_ms = {lag}.lag_ms, receipts = p.receipts + excluded.receipts)
        delete from {place} w where w.id = any ($3)
        """;

    private static readonly string _fromInbox = From(ReceiptPlace.Inbox);
    private static readonly string _fromParked = From(ReceiptPlace.Parked);

    /// <summary>
    /// Takes receipts out of where they waited, writes those that are new and moves the counters. $1 tenant, $2 month, $3 ids of all,
    /// then the new ones, their words (each once: most of a group say the same), the counters' moves, and the accounts' pulses, one array a column.
    /// </summary>
    public static string Write(ReceiptPlace place) => place == ReceiptPlace.Inbox ? _fromInbox : _fromParked;

    // A receipt that was parked is late for a reason of its own: it says nothing of how fast they come.
    private static string From(ReceiptPlace place) => WriteAll
        .Replace("{place}", place.Table, StringComparison.Ordinal).Replace("{lag}", place == ReceiptPlace.Inbox ? "excluded" : "p", StringComparison.Ordinal);
}
