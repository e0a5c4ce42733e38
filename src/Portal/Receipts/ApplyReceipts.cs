using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>Takes receipts from the inbox, or from the parking place, and applies them tenant by tenant.</summary>
internal sealed class ApplyReceipts(Databases databases, ReadReceipts read, ApplyToTenant apply, ParkReceipts park, IOptions<ReceiptsOptions> options, ILogger<ApplyReceipts> log)
{
    /// <summary>One group from the inbox; what matches nothing is parked.</summary>
    /// <returns>How many receipts the group had.</returns>
    public async Task<int> InboxAsync(CancellationToken ct)
    {
        var stored = await TakeAsync(ct);
        var left = await ApplyAsync(stored, ReceiptPlace.Inbox, ct);
        foreach (var receipt in left)
            await park.ParkAsync(receipt, ct);
        if (stored.Count > 0)
            ReceiptsLog.Applied(log, stored.Count - left.Count, left.Count);
        return stored.Count;
    }

    /// <summary>Parked receipts whose time has come.</summary>
    public async Task ParkedAsync(CancellationToken ct)
    {
        await ApplyAsync(await park.TakeDueAsync(ct), ReceiptPlace.Parked, ct);
        await park.DropOldAsync(ct);
    }

    private async Task<List<ReadReceipt>> ApplyAsync(List<StoredReceipt> stored, ReceiptPlace place, CancellationToken ct)
    {
        if (stored.Count == 0)
            return [];
        var receipts = await read.RunAsync(stored, ct);
        var matched = new HashSet<long>();
        var byTenant = receipts.SelectMany(r => r.Accounts.Select(a => (Receipt: r, a.TenantId, a.AccountId))).GroupBy(r => r.TenantId);
        // The same apikey at two hosts has two accounts: the one that knows the taskid takes the receipt.
        foreach (var tenant in byTenant)
            matched.UnionWith(await apply.RunAsync(tenant.Key, [.. tenant.Where(r => !matched.Contains(r.Receipt.Stored.Id)).Select(r => (r.Receipt, r.AccountId))], place, ct));
        return [.. receipts.Where(r => !matched.Contains(r.Stored.Id))];
    }

    private async Task<List<StoredReceipt>> TakeAsync(CancellationToken ct)
    {
        var stored = new List<StoredReceipt>();
        await using var command = databases[DatabaseRole.Applier].CreateCommand("select id, received_at, body from infra.receipt_inbox order by id limit $1");
        command.Parameters.Add(new() { Value = options.Value.Group });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            stored.Add(new StoredReceipt(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<byte[]>(2), 0));
        return stored;
    }
}
