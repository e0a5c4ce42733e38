using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;

namespace Portal.Receipts;

/// <summary>
/// Looks at receipts whose taskid is unknown to their account (design section 3.6). For two numbers of one open attempt (one,
/// if it has one) that no other open attempt of the account holds, they are evidence that it was sent. For a number of a
/// refused request they are an alarm: the refusal did not mean that nothing was sent, and the account halves no more.
/// Nothing else follows: nothing is sent, resumed or suppressed.
/// </summary>
internal sealed class FindEvidence(ParkedRoom room, LiveFeed live, TimeProvider clock, ILogger<FindEvidence> log)
{
    // What a receipt can be evidence of has begun before it came: without a request in question it never will be.
    private const string InQuestion = """
        select t.account_id from unnest($2) as t (account_id)
        where exists (select from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.state = 'dispatching')
           or exists (select from app.attempts a where a.tenant_id = $1 and a.account_id = t.account_id and a.state in ('in_doubt', 'refused')
                      and a.started_at > clock_timestamp() - interval '72 hours')
        """;

    private const string Note = """
        insert into app.stray_receipts (tenant_id, id, account_id, task_id, number, received_at)
        select $1, i.* from unnest($2, $3, $4, $5, $6) as i on conflict do nothing
        """;

    // Who holds a number: requests of the last 72 hours that began before the receipt came. A request that has evidence already
    // is meant only where no other can be. A refusal of 105 is about the request's speed, before anything is looked at. A message is
    // asked for by its key (limit 1): nobody has told the planner yet how many receipts came just now, and comparing each with
    // everybody would take minutes. A taskid is of one request: one that names people of two proves nothing.
    private const string Judge = """
        with tasks as materialized (
            select distinct account_id, task_id from app.stray_receipts where tenant_id = $1 and id = any ($2)),
        named as materialized (
            select s.account_id, s.task_id, s.number, min(s.received_at) as received_at
            from tasks t join app.stray_receipts s on s.tenant_id = $1 and s.account_id = t.account_id and s.task_id = t.task_id
            group by 1, 2, 3),
        requests as materialized (
            select a.account_id, a.sending_id, a.batch_no, a.attempt_no, a.numbers, a.started_at, a.state <> 'refused' as open, s.month, b.first_ordinal, b.last_ordinal,
                   exists (select from app.task_evidence e where e.tenant_id = $1 and e.sending_id = a.sending_id and e.batch_no = a.batch_no and e.attempt_no = a.attempt_no) as known
            from (select * from app.attempts where tenant_id = $1 and state = 'dispatching' and account_id in (select account_id from tasks)
                  union all
                  select * from app.attempts where tenant_id = $1 and state in ('in_doubt', 'refused') and account_id in (select account_id from tasks)
                    and started_at > clock_timestamp() - interval '72 hours') a
            join app.sendings s on s.tenant_id = $1 and s.id = a.sending_id
            join app.batches b on b.tenant_id = $1 and b.sending_id = a.sending_id and b.batch_no = a.batch_no
            where a.task_id is null and a.code is distinct from '105'),
        places as materialized (
            select n.*, s.sending_id, m.ordinal
            from named n
            join (select distinct account_id, sending_id, month from requests) s on s.account_id = n.account_id
            cross join lateral (
                select x.ordinal from app.messages x where x.tenant_id = $1 and x.month = s.month and x.sending_id = s.sending_id and x.number = n.number limit 1) m),
        held as materialized (
            select p.account_id, p.task_id, p.number, r.sending_id, r.batch_no, r.attempt_no, r.numbers, r.open, r.known,
                   count(*) filter (where r.open) over (partition by p.account_id, p.task_id, p.number) as holders,
                   count(*) filter (where r.open and not r.known) over (partition by p.account_id, p.task_id, p.number) as unknown_holders
            from places p join requests r on r.account_id = p.account_id and r.sending_id = p.sending_id
             and p.ordinal between r.first_ordinal and r.last_ordinal and r.started_at <= p.received_at
            where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = r.sending_id and k.number = p.number and k.at <= r.started_at)),
        sole as materialized (
            select * from held where open and ((unknown_holders = 1 and not known) or (unknown_holders = 0 and holders = 1))),
        proof as (
            select account_id, task_id, (array_agg(sending_id))[1] as sending_id, min(batch_no) as batch_no, min(attempt_no) as attempt_no
            from sole group by account_id, task_id
            having count(distinct (sending_id, batch_no, attempt_no)) = 1 and count(*) >= least(2, min(numbers))),
        bound as (
            insert into app.task_evidence (tenant_id, account_id, task_id, sending_id, batch_no, attempt_no, at)
            select $1, p.*, clock_timestamp() from proof p
            on conflict do nothing
            returning account_id, task_id),
        awake as (
            update infra.parked_receipts k set next_at = clock_timestamp()
            from bound t join app.stray_receipts s on s.tenant_id = $1 and s.account_id = t.account_id and s.task_id = t.task_id
            where k.id = s.id)
        update app.accounts a set no_halving = true
        where a.tenant_id = $1 and not a.no_halving and a.id in (select account_id from held where not open and holders = 0)
        returning a.id
        """;

    /// <summary>To be called in the transaction that applies them, before that.</summary>
    /// <param name="unknown">Receipts with a taskid that no request of their account is known to have.</param>
    public async Task RunAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<Delivery> unknown, CancellationToken ct)
    {
        var inQuestion = await AccountsAsync(connection, InQuestion, tenantId, unknown.Select(d => d.Account.AccountId).Distinct().ToArray(), ct);
        // What is not parked any more is not noted either: forged receipts must not fill the disk.
        var strays = unknown.Where(d => MatchRows.NumberOf(d.Receipt.Mobile) is not null && inQuestion.Contains(d.Account.AccountId) && !room.IsFull(d.Account.AccountId)).ToList();
        if (strays.Count == 0)
            return;
        var ids = strays.Select(s => s.Stored.Id).ToArray();
        await connection.RunAsync(ct, Note, tenantId, ids, strays.Select(s => s.Account.AccountId).ToArray(), strays.Select(s => s.Receipt.TaskId).ToArray(),
            strays.Select(s => s.Receipt.Mobile).ToArray(), strays.Select(s => s.Stored.ReceivedAt).ToArray());
        foreach (var account in await AccountsAsync(connection, Judge, tenantId, ids, ct))
            await AlarmAsync(connection, tenantId, account, ct);
    }

    /// <summary>Those that found their message, and those whose parked receipts are dropped.</summary>
    public static Task ForgetAsync(NpgsqlConnection connection, Guid tenantId, long[] ids, TimeSpan keep, CancellationToken ct) =>
        connection.RunAsync(ct, "delete from app.stray_receipts where tenant_id = $1 and (id = any ($2) or received_at < clock_timestamp() - $3)", tenantId, ids, keep);

    private static async Task<List<Guid>> AccountsAsync(NpgsqlConnection connection, string sql, Guid tenantId, object about, CancellationToken ct)
    {
        await using var command = connection.Sql(sql, tenantId, about);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var accounts = new List<Guid>();
        while (await reader.ReadAsync(ct))
            accounts.Add(reader.GetGuid(0));
        return accounts;
    }

    private async Task AlarmAsync(NpgsqlConnection connection, Guid tenantId, Guid accountId, CancellationToken ct)
    {
        ReceiptsLog.RefusalDoubted(log, accountId);
        await connection.RunAsync(ct, "insert into app.audit_entries (tenant_id, id, at, subject_id, action, details) values ($1, $2, $3, $4, $5, '{}')",
            tenantId, Guid.CreateVersion7(), clock.GetUtcNow(), accountId, AuditActions.RefusalDoubted);
        live.Publish(tenantId, accountId);
    }
}
