using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The statements that apply receipts of one tenant. Parameters: tenant, then one array a column.</summary>
internal static class ReceiptSql
{
    /// <summary>The requests that a taskid of an account leads to: by their reply, or by evidence.</summary>
    public const string Requests = """
        cross join lateral (
            select a.sending_id, a.batch_no from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.task_id = t.task_id
            union
            select e.sending_id, e.batch_no from app.task_evidence e where e.tenant_id = $1 and e.account_id = t.account_id and e.task_id = t.task_id) q
        """;

    // $2 is the month: the planner looks at one partition. A message's state follows from its receipts: the first definitive
    // word wins; without one, an unlisted word is a failure.
    private const string Match = """
        with input as materialized (
            select * from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                as i (id, account_id, sending_id, first_ordinal, last_ordinal, open, number, task_id, masked, status, times, meaning, received_at)),
        matched as materialized (
            select distinct on (i.id) i.*, m.ordinal
            from input i
            cross join lateral (
                select m.ordinal from app.messages m
                where m.tenant_id = $1 and m.month = $2 and m.sending_id = i.sending_id and m.number = i.number
                  and m.ordinal between i.first_ordinal and i.last_ordinal limit 1) m
            order by i.id),
        prior as materialized (
            select t.sending_id, t.number, r.meaning, r.rank, r.seq
            from (select distinct sending_id, number from matched) t
            cross join lateral (
                select r.meaning, (r.meaning = 'failed')::int as rank, r.seq
                from app.receipts r
                where r.tenant_id = $1 and r.month = $2 and r.sending_id = t.sending_id and r.number = t.number and r.meaning <> 'not_final'
                order by 2, 3 limit 1) r),
        fresh as (
            insert into app.receipts (tenant_id, month, sending_id, number, task_id, status, times, seq, meaning, received_at, masked)
            select $1, $2, sending_id, number, task_id, status, times, id, meaning, received_at, masked from matched
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
            from matched m
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

    private const string Count = """
            ),
        counted as (
            update app.sending_counts c
            set delivered = c.delivered + d.delivered, undelivered = c.undelivered + d.undelivered, accepted = c.accepted + d.accepted,
                refused = c.refused - d.refused, in_doubt = c.in_doubt - d.in_doubt, cancelled = c.cancelled - d.cancelled, dropped = c.dropped - d.dropped
            from (select sending_id, sum(delivered)::int delivered, sum(undelivered)::int undelivered, sum(accepted)::int accepted,
                         sum(refused)::int refused, sum(in_doubt)::int in_doubt, sum(cancelled)::int cancelled, sum(dropped)::int dropped
                  from moves group by sending_id) d
            where c.tenant_id = $1 and c.sending_id = d.sending_id),
        pulse as (
            insert into app.receipt_pulses as p (tenant_id, account_id, last_at, applied_at, lag_ms, receipts)
            select $1, account_id, max(received_at), clock_timestamp(), (extract(epoch from clock_timestamp() - max(received_at)) * 1000)::int, count(*) from matched group by account_id
            on conflict (tenant_id, account_id) do update set last_at = greatest(p.last_at, excluded.last_at), applied_at = excluded.applied_at,
                lag_ms = {1}.lag_ms, receipts = p.receipts + excluded.receipts),
        gone as (delete from {0} w using matched m where w.id = m.id)
        select id, sending_id from matched
        """;

    private static readonly Dictionary<(string, bool), string> _apply = new[] { ReceiptPlace.Inbox, ReceiptPlace.Parked }
        .SelectMany(place => new[] { false, true }.Select(open => (place, open)))
        .ToDictionary(a => (a.place.Table, a.open), a => Build(a.place, a.open));

    /// <param name="open">A receipt may be what counts its message as accepted.</param>
    public static string Apply(ReceiptPlace place, bool open) => _apply[(place.Table, open)];

    private static string Build(ReceiptPlace place, bool open) =>
        Match + (open ? _tell : "") + Moves + (open ? ToldMoves : "") + Count.Replace("{0}", place.Table, StringComparison.Ordinal).Replace("{1}", place == ReceiptPlace.Inbox ? "excluded" : "p", StringComparison.Ordinal);
}
