using Microsoft.Extensions.Options;
using Npgsql;
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
internal sealed class ApplyToTenant(Databases databases, FindEvidence evidence, LiveFeed live, IOptions<ReceiptsOptions> options)
{
    /// <returns>The receipts that matched a message; the others stay where they are.</returns>
    public async Task<HashSet<long>> RunAsync(Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, ReceiptPlace place, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Applier, new TenantScope(tenantId), ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Only rows that this transaction takes out are its own: another instance may be at the same ones.
        var ids = receipts.Select(r => r.Receipt.Stored.Id).Distinct().ToArray();
        var ours = await place.LockAsync(connection, ids, ct);
        var mine = receipts.Where(r => ours.Contains(r.Receipt.Stored.Id)).ToList();
        await evidence.RunAsync(connection, tenantId, mine, ct);
        await LockAsync(connection, tenantId, mine, ct);
        var (matched, sendings) = await ApplyAsync(connection, tenantId, mine, ct);
        await place.RemoveAsync(connection, [.. matched], ct);
        await FindEvidence.ForgetAsync(connection, tenantId, [.. matched], TimeSpan.FromHours(options.Value.ParkedHours), ct);
        await transaction.CommitAsync(ct);
        foreach (var sending in sendings)
            live.Publish(tenantId, sending);
        return matched;
    }

    // Two transactions with receipts of one message must not both think that it had none: the sending's counters line them up.
    // Batches that are not accepted are locked first, as outcomes do: their people may be counted here.
    private static async Task LockAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, CancellationToken ct)
    {
        var tasks = receipts.Select(r => (r.AccountId, r.Receipt.Receipt!.TaskId)).Distinct().ToList();
        object[] values = [tenantId, tasks.Select(t => t.AccountId).ToArray(), tasks.Select(t => t.TaskId).ToArray()];
        await connection.RunAsync(ct, $"""
            select from app.batches b
            where b.tenant_id = $1 and b.state <> 'accepted'
              and (b.sending_id, b.batch_no) in (select q.sending_id, q.batch_no from unnest($2, $3) t (account_id, task_id) {ReceiptSql.Requests})
            order by b.sending_id, b.batch_no for update
            """, values);
        await connection.RunAsync(ct, $"""
            select from app.sending_counts c
            where c.tenant_id = $1 and c.sending_id in (select q.sending_id from unnest($2, $3) t (account_id, task_id) {ReceiptSql.Requests})
            order by c.sending_id for update
            """, values);
    }

    private static async Task<(HashSet<long> Matched, HashSet<Guid> Sendings)> ApplyAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<(ReadReceipt Receipt, Guid AccountId)> receipts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReceiptSql.Apply, connection);
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
