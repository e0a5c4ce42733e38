using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>
/// A sending's counters, counted anew from the rows that they count: messages, batches, skips, attempts, receipts. What the
/// engine and the receipts moved one by one must come to the same.
/// </summary>
internal static class Recount
{
    public const string Sql = """
        with people as (
            select case when k.number is not null then 'skipped' else b.state end as state, r.first is not null as told, r.final
            from app.sendings s
            join app.messages m on m.tenant_id = s.tenant_id and m.month = s.month and m.sending_id = s.id
            join app.batches b on b.tenant_id = s.tenant_id and b.sending_id = s.id and m.ordinal between b.first_ordinal and b.last_ordinal and b.state <> 'split'
            left join app.skips k on k.tenant_id = s.tenant_id and k.sending_id = s.id and k.number = m.number
            cross join lateral (
                select min(r.seq) as first,
                       (array_agg(r.meaning order by (r.meaning in ('delivered', 'undelivered')) desc, r.seq) filter (where r.meaning <> 'not_final'))[1] as final
                from app.receipts r where r.tenant_id = s.tenant_id and r.month = s.month and r.sending_id = s.id and r.number = m.number) r
            where s.id = $1),
        requests as (
            select coalesce(sum(segments), 0) as segments, coalesce(sum(own_segments), 0) as own, coalesce(sum(greatest(0, numbers - coalesce(valid_number, numbers))), 0) as not_taken
            from app.attempts where sending_id = $1 and state = 'accepted')
        select concat_ws(' ',
            'accepted', count(*) filter (where told or state = 'accepted'), 'refused', count(*) filter (where not told and state = 'refused'),
            'in_doubt', count(*) filter (where not told and state = 'in_doubt'), 'cancelled', count(*) filter (where not told and state = 'cancelled'),
            'dropped', count(*) filter (where not told and state = 'skipped'),
            'delivered', count(*) filter (where final = 'delivered'), 'undelivered', count(*) filter (where final in ('undelivered', 'failed')),
            'not_taken', (select not_taken from requests), 'segments', (select segments from requests), 'own', (select own from requests))
        from people
        """;

    /// <summary>Batches that are not accepted know how many of their people receipts have told of.</summary>
    public const string Unsettled = """
        select count(*) from app.batches b join app.sendings s on s.tenant_id = b.tenant_id and s.id = b.sending_id
        where b.sending_id = $1 and b.state not in ('accepted', 'split') and b.settled <> (
            select count(distinct r.number) from app.messages m
            join app.receipts r on r.tenant_id = m.tenant_id and r.month = m.month and r.sending_id = m.sending_id and r.number = m.number
            where m.tenant_id = s.tenant_id and m.month = s.month and m.sending_id = s.id and m.ordinal between b.first_ordinal and b.last_ordinal
              and not exists (select from app.skips k where k.tenant_id = m.tenant_id and k.sending_id = m.sending_id and k.number = m.number))
        """;

    public static string Of(SendingCounts c) =>
        $"accepted {c.Accepted} refused {c.Refused} in_doubt {c.InDoubt} cancelled {c.Cancelled} dropped {c.Dropped} delivered {c.Delivered} undelivered {c.Undelivered} not_taken {c.NotTaken} segments {c.Segments} own {c.OwnSegments}";
}
