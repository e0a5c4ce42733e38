using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The statements that write receipts of one tenant. Parameters: tenant, month, then one array a column.</summary>
internal static class ReceiptSql
{
    /// <summary>The requests that a taskid of an account leads to: by their reply, or by evidence.</summary>
    public const string Requests = """
        cross join lateral (
            select a.sending_id, a.batch_no from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.task_id = t.task_id
            union
            select e.sending_id, e.batch_no from app.task_evidence e where e.tenant_id = $1 and e.account_id = t.account_id and e.task_id = t.task_id) q
        """;

    private const string Input = """
        with input as materialized (
            select * from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11) as i (id, sending_id, number, task_id, masked, status, times, meaning, received_at)),

        """;

    private const string OpenInput = """
        with input as materialized (
            select * from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $15, $16) as i (id, sending_id, number, task_id, masked, status, times, meaning, received_at, ordinal, open)),

        """;

    // $2 is the month: the planner looks at one partition. A message's state follows from its receipts: the first definitive
    // word wins; without one, an unlisted word is a failure.
    private const string Rows = """
        prior as materialized (
            select t.sending_id, t.number, r.meaning, r.rank, r.seq
            from (select distinct sending_id, number from input where meaning <> 'not_final') t
            cross join lateral (
                select r.meaning, (r.meaning = 'failed')::int as rank, r.seq
                from app.receipts r
                where r.tenant_id = $1 and r.month = $2 and r.sending_id = t.sending_id and r.number = t.number and r.meaning <> 'not_final'
                order by 2, 3 limit 1) r),
        fresh as (
            insert into app.receipts (tenant_id, month, sending_id, number, task_id, status, times, seq, meaning, received_at, masked)
            select $1, $2, sending_id, number, task_id, status, times, id, meaning, received_at, masked from input
            on conflict do nothing
            returning sending_id, number, seq, meaning),
        first as (
            select distinct on (sending_id, number) sending_id, number, meaning, (meaning = 'failed')::int as rank, seq
            from fresh where meaning <> 'not_final' order by sending_id, number, 4, seq),
        changed as (
            select f.sending_id, coalesce(p.meaning, 'none') as old_state,
                   case when p.meaning is null or (f.rank, f.seq) < (p.rank, p.seq) then f.meaning else p.meaning end as new_state
            from first f left join prior p on p.sending_id = f.sending_id and p.number = f.number),

        """;

    // The first receipt of somebody whom the batch does not count as accepted: it counts them.
    private static readonly string _tell = $"""
        told as (
            select distinct m.sending_id, m.number, b.batch_no, b.state, k.number is not null as skipped
            from input m
            join fresh f on f.sending_id = m.sending_id and f.number = m.number
            join lateral (
                select x.batch_no, x.state from app.batches x
                where x.tenant_id = $1 and x.sending_id = m.sending_id and x.last_ordinal >= m.ordinal and x.first_ordinal <= m.ordinal and x.state <> 'split'
                order by x.last_ordinal limit 1) b on true
            left join app.skips k on k.tenant_id = $1 and k.sending_id = m.sending_id and k.number = m.number
            where m.open and (b.state <> 'accepted' or k.number is not null)
              and not exists (select from app.receipts e where e.tenant_id = $1 and e.month = $2 and e.sending_id = m.sending_id and e.number = m.number)),
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
            where b.tenant_id = $1 and b.sending_id = t.sending_id and b.batch_no = t.batch_no),

        """;

    private const string Moves = """
        moves as (
            select sending_id, (new_state = 'delivered')::int - (old_state = 'delivered')::int as delivered,
                   (new_state in ('undelivered', 'failed'))::int - (old_state in ('undelivered', 'failed'))::int as undelivered,
                   0 as accepted, 0 as refused, 0 as in_doubt, 0 as cancelled, 0 as dropped
            from changed

        """;

    private const string ToldMoves = """
            union all
            select sending_id, 0, 0, 1, (not skipped and state = 'refused')::int, (not skipped and state = 'in_doubt')::int,
                   (not skipped and state = 'cancelled')::int, skipped::int
            from told

        """;

    // The two halves of a tenant may change counters of the same sendings: all lock them in one order.
    private const string Count = """
            ),
        locked as materialized (
            select sending_id from app.sending_counts where tenant_id = $1 and sending_id in (select sending_id from input) order by sending_id for update),
        counted as (
            update app.sending_counts c
            set delivered = c.delivered + d.delivered, undelivered = c.undelivered + d.undelivered, accepted = c.accepted + d.accepted,
                refused = c.refused - d.refused, in_doubt = c.in_doubt - d.in_doubt, cancelled = c.cancelled - d.cancelled, dropped = c.dropped - d.dropped
            from locked l join (
                select sending_id, sum(delivered)::int delivered, sum(undelivered)::int undelivered, sum(accepted)::int accepted,
                       sum(refused)::int refused, sum(in_doubt)::int in_doubt, sum(cancelled)::int cancelled, sum(dropped)::int dropped
                from moves group by sending_id) d on d.sending_id = l.sending_id
            where c.tenant_id = $1 and c.sending_id = l.sending_id),
        pulse as (
            insert into app.receipt_pulses as p (tenant_id, account_id, last_at, applied_at, lag_ms, receipts)
            select $1, a.account_id, a.last_at, clock_timestamp(), (extract(epoch from clock_timestamp() - a.last_at) * 1000)::int, a.receipts
            from unnest($12, $13, $14) a (account_id, last_at, receipts)
            on conflict (tenant_id, account_id) do update set last_at = greatest(p.last_at, excluded.last_at), applied_at = excluded.applied_at,
                lag_ms = {1}.lag_ms, receipts = p.receipts + excluded.receipts)
        delete from {0} w where w.id = any ($3)
        """;

    private static readonly Dictionary<(string, bool), string> _write = new[] { ReceiptPlace.Inbox, ReceiptPlace.Parked }
        .SelectMany(place => new[] { false, true }.Select(open => (place, open)))
        .ToDictionary(w => (w.place.Table, w.open), w => Build(w.place, w.open));

    /// <param name="open">A receipt may be what counts its message as accepted.</param>
    public static string Write(ReceiptPlace place, bool open) => _write[(place.Table, open)];

    private static string Build(ReceiptPlace place, bool open)
    {
        var count = Count.Replace("{0}", place.Table, StringComparison.Ordinal).Replace("{1}", place == ReceiptPlace.Inbox ? "excluded" : "p", StringComparison.Ordinal);
        return (open ? OpenInput : Input) + Rows + (open ? _tell : "") + Moves + (open ? ToldMoves : "") + count;
    }
}
