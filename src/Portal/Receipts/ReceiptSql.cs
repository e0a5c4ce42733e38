using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The statement that applies receipts of one tenant. Parameters: tenant, then one array a column of <c>input</c>.</summary>
internal static class ReceiptSql
{
    /// <summary>The requests that a taskid of an account leads to: by their reply, or by evidence.</summary>
    public const string Requests = """
        cross join lateral (
            select a.sending_id, a.batch_no from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.task_id = t.task_id
            union
            select e.sending_id, e.batch_no from app.task_evidence e where e.tenant_id = $1 and e.account_id = t.account_id and e.task_id = t.task_id) q
        """;

    /// <summary>The state of a message from its receipts: the first definitive word wins; without one, an unlisted word is a failure.</summary>
    private const string StateOf =
        "coalesce((array_agg(r.meaning order by (r.meaning in ('delivered', 'undelivered')) desc, r.seq) filter (where r.meaning <> 'not_final'))[1], 'none')";

    public static readonly string Apply = $"""
        with input as materialized (
            select * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as i (id, account_id, task_id, mobile, masked, status, times, meaning, received_at)),
        known as materialized (
            select t.account_id, t.task_id, s.month, s.id as sending_id, b.first_ordinal, b.last_ordinal, b.numbers, b.state, b.attempts
            from (select distinct account_id, task_id from input) t
            {Requests}
            join app.batches b on b.tenant_id = $1 and b.sending_id = q.sending_id and b.batch_no = q.batch_no
            join app.sendings s on s.tenant_id = $1 and s.id = q.sending_id),
        fits as (
            select i.*, k.month, k.sending_id, k.state, k.attempts, m.number, m.ordinal, 1 as candidates
            from input i join known k on k.account_id = i.account_id and k.task_id = i.task_id
            join app.messages m on m.tenant_id = $1 and m.month = k.month and m.sending_id = k.sending_id and m.number = i.mobile and m.ordinal between k.first_ordinal and k.last_ordinal
            where not i.masked
            union all
            select i.*, k.month, k.sending_id, k.state, k.attempts, m.number, m.ordinal, count(*) over (partition by i.id) as candidates
            from input i join known k on k.account_id = i.account_id and k.task_id = i.task_id
            cross join {BatchMessages.Of("k")} m
            where i.masked and m.number like i.mobile),
        matched as materialized (
            select distinct on (id) * from fits where candidates = 1 order by id),
        fresh as (
            insert into app.receipts (tenant_id, month, sending_id, number, task_id, status, times, seq, meaning, received_at, masked)
            select $1, month, sending_id, number, task_id, status, times, id, meaning, received_at, masked from matched
            on conflict do nothing
            returning month, sending_id, number, seq, meaning),
        changed as (
            select t.sending_id, before.state as old_state, after.state as new_state
            from (select distinct month, sending_id, number from fresh) t,
            lateral (select {StateOf} as state from app.receipts r
                     where r.tenant_id = $1 and r.month = t.month and r.sending_id = t.sending_id and r.number = t.number) before,
            lateral (select {StateOf} as state from (
                         select e.meaning, e.seq from app.receipts e
                         where e.tenant_id = $1 and e.month = t.month and e.sending_id = t.sending_id and e.number = t.number
                         union all
                         select f.meaning, f.seq from fresh f where f.sending_id = t.sending_id and f.number = t.number) r) after),
        -- The first receipt of somebody whom the batch does not count as accepted: it counts them.
        told as (
            select distinct m.sending_id, m.number, b.batch_no, b.state, k.number is not null as skipped
            from matched m
            join fresh f on f.sending_id = m.sending_id and f.number = m.number
            join lateral (
                select x.batch_no, x.state from app.batches x
                where x.tenant_id = $1 and x.sending_id = m.sending_id and x.last_ordinal >= m.ordinal and x.first_ordinal <= m.ordinal and x.state <> 'split'
                order by x.last_ordinal limit 1) b on true
            left join app.skips k on k.tenant_id = $1 and k.sending_id = m.sending_id and k.number = m.number
            where (m.state <> 'accepted' or m.attempts > 1) and (b.state <> 'accepted' or k.number is not null)
              and not exists (select from app.receipts e where e.tenant_id = $1 and e.month = m.month and e.sending_id = m.sending_id and e.number = m.number)),
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
        moves as (
            select sending_id, (new_state = 'delivered')::int - (old_state = 'delivered')::int as delivered,
                   (new_state in ('undelivered', 'failed'))::int - (old_state in ('undelivered', 'failed'))::int as undelivered,
                   0 as accepted, 0 as refused, 0 as in_doubt, 0 as cancelled, 0 as dropped
            from changed
            union all
            select sending_id, 0, 0, 1, (not skipped and state = 'refused')::int, (not skipped and state = 'in_doubt')::int,
                   (not skipped and state = 'cancelled')::int, skipped::int
            from told),
        counted as (
            update app.sending_counts c
            set delivered = c.delivered + d.delivered, undelivered = c.undelivered + d.undelivered, accepted = c.accepted + d.accepted,
                refused = c.refused - d.refused, in_doubt = c.in_doubt - d.in_doubt, cancelled = c.cancelled - d.cancelled, dropped = c.dropped - d.dropped
            from (select sending_id, sum(delivered)::int delivered, sum(undelivered)::int undelivered, sum(accepted)::int accepted,
                         sum(refused)::int refused, sum(in_doubt)::int in_doubt, sum(cancelled)::int cancelled, sum(dropped)::int dropped
                  from moves group by sending_id) d
            where c.tenant_id = $1 and c.sending_id = d.sending_id)
        select id, sending_id from matched
        """;
}
