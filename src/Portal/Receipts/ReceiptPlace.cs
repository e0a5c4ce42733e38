using Npgsql;

namespace Portal.Receipts;

/// <summary>Where receipts wait: the inbox, or the parking place of those that matched nothing yet.</summary>
internal sealed class ReceiptPlace
{
    public static readonly ReceiptPlace Inbox = new("infra.receipt_inbox");
    public static readonly ReceiptPlace Parked = new("infra.parked_receipts");

    private readonly string _table;

    private ReceiptPlace(string table) => _table = table;

    /// <summary>Locks rows for this transaction; those that another one has are left to it.</summary>
    public async Task<HashSet<long>> LockAsync(NpgsqlConnection connection, long[] ids, CancellationToken ct)
    {
        var ours = new HashSet<long>();
        await using var command = new NpgsqlCommand($"select id from {_table} where id = any ($1) for update skip locked", connection) { Parameters = { new() { Value = ids } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            ours.Add(reader.GetInt64(0));
        return ours;
    }

    public async Task RemoveAsync(NpgsqlConnection connection, long[] ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"delete from {_table} where id = any ($1)", connection) { Parameters = { new() { Value = ids } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}
