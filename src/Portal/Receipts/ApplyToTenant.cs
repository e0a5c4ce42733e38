using Npgsql;
using NpgsqlTypes;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>
/// Applies receipts as one tenant, in one transaction: takes them out of the inbox, matches them to messages by account,
/// taskid and number, writes them, and moves the counters by what changed. A receipt moves its own message forward and
/// does nothing else.
/// </summary>
internal sealed class ApplyToTenant(Databases databases, LiveFeed live)
{
    /// <summary>
    /// The state of a message from its receipts: the first definitive word wins; without one, an unlisted word is a failure.
    /// </summary>
    private const string StateOf =
        "coalesce((array_agg(r.meaning order by (r.meaning in ('delivered', 'undelivered')) desc, r.seq) filter (where r.meaning <> 'not_final'))[1], 'none')";

    private static readonly string _sql = $"""
        with input as (
            select * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as i (id, account_id, task_id, mobile, masked, status, times, meaning, received_at)),
        fits as (
            select i.id, i.task_id, i.masked, i.status, i.times, i.meaning, i.received_at, s.month, s.id as sending_id, m.number,
                   count(*) over (partition by i.id) as candidates
            from input i
            join app.attempts a on a.tenant_id = $1 and a.account_id = i.account_id and a.task_id = i.task_id
            join app.batches b on b.tenant_id = $1 and b.sending_id = a.sending_id and b.batch_no = a.batch_no
            join app.sendings s on s.tenant_id = $1 and s.id = a.sending_id
            cross join {BatchMessages.Of("b", "s.month")} m
            where case when i.masked then m.number like i.mobile else m.number = i.mobile end),
        matched as (
            select distinct on (id) * from fits where not masked or candidates = 1 order by id),
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
        counted as (
            update app.sending_counts c set delivered = c.delivered + d.delivered, undelivered = c.undelivered + d.undelivered
            from (select sending_id,
                         (count(*) filter (where new_state = 'delivered') - count(*) filter (where old_state = 'delivered'))::int as delivered,
                         (count(*) filter (where new_state in ('undelivered', 'failed')) - count(*) filter (where old_state in ('undelivered', 'failed')))::int as undelivered
                  from changed group by sending_id) d
            where c.tenant_id = $1 and c.sending_id = d.sending_id)
        select id, sending_id from matched
        """;

    /// <returns>The receipts that matched a message; the others stay where they are.</returns>
    public async Task<HashSet<long>> RunAsync(Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, ReceiptPlace place, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Applier, new TenantScope(tenantId), ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Only rows that this transaction takes out are its own: another instance may be at the same ones.
        var ids = receipts.Select(r => r.Receipt.Stored.Id).Distinct().ToArray();
        var ours = await place.LockAsync(connection, ids, ct);
        var mine = receipts.Where(r => ours.Contains(r.Receipt.Stored.Id)).ToList();
        await LockCountsAsync(connection, tenantId, mine, ct);
        var (matched, sendings) = await ApplyAsync(connection, tenantId, mine, ct);
        await place.RemoveAsync(connection, [.. matched], ct);
        await transaction.CommitAsync(ct);
        foreach (var sending in sendings)
            live.Publish(tenantId, sending);
        return matched;
    }

    // Two transactions with receipts of one message must not both think that it had none: the sending's counters line them up.
    private static async Task LockCountsAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select from app.sending_counts c
            where c.tenant_id = $1 and c.sending_id in (
                select a.sending_id from unnest($2, $3) i (account_id, task_id)
                join app.attempts a on a.tenant_id = $1 and a.account_id = i.account_id and a.task_id = i.task_id)
            order by c.sending_id for update
            """, connection);
        command.Parameters.Add(new() { Value = tenantId });
        command.Parameters.Add(new() { Value = receipts.Select(r => r.AccountId).ToArray() });
        command.Parameters.Add(new() { Value = receipts.Select(r => r.Receipt.Receipt!.TaskId).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<(HashSet<long> Matched, HashSet<Guid> Sendings)> ApplyAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(_sql, connection);
        void Add(object value) => command.Parameters.Add(new() { Value = value });
        Add(tenantId);
        Add(receipts.Select(r => r.Receipt.Stored.Id).ToArray());
        Add(receipts.Select(r => r.AccountId).ToArray());
        Add(receipts.Select(r => r.Receipt.Receipt!.TaskId).ToArray());
        Add(receipts.Select(r => Pattern(r.Receipt.Receipt!)).ToArray());
        Add(receipts.Select(r => r.Receipt.Receipt!.Masked).ToArray());
        Add(receipts.Select(r => r.Receipt.Receipt!.Status).ToArray());
        Add(receipts.Select(r => r.Receipt.Receipt!.Times).ToArray());
        Add(receipts.Select(r => Words.Of(MeaningOf(r.Receipt.Receipt!.Status))).ToArray());
        Add(receipts.Select(r => r.Receipt.Stored.ReceivedAt).ToArray());
        var (matched, sendings) = (new HashSet<long>(), new HashSet<Guid>());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            matched.Add(reader.GetInt64(0));
            sendings.Add(reader.GetGuid(1));
        }
        return (matched, sendings);
    }

    /// <summary>A hidden digit fits any digit; anything that LIKE would read as its own sign is not part of a number.</summary>
    private static string Pattern(ProviderReceipt receipt) =>
        receipt.Masked ? string.Concat(receipt.Mobile.Select(c => char.IsAsciiDigit(c) ? c : '_')) : receipt.Mobile;

    private static ReceiptMeaning MeaningOf(string status) => ReceiptWords.Meaning(status) switch
    {
        Sms.Provider.ReceiptMeaning.Delivered => ReceiptMeaning.Delivered,
        Sms.Provider.ReceiptMeaning.Undelivered => ReceiptMeaning.Undelivered,
        Sms.Provider.ReceiptMeaning.NotFinal => ReceiptMeaning.NotFinal,
        _ => ReceiptMeaning.Failed,
    };
}
