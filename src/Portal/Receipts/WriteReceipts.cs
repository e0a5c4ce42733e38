using Npgsql;
using Portal.Data;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Writes receipts of a tenant that found their message, and all that changes with them. Two transactions with receipts of one
/// message must not both think that it had none before: a message belongs to a half, by its number, and each half of a tenant
/// is written by one at a time.
/// </summary>
internal static class WriteReceipts
{
    private const string LineUp = "select pg_advisory_xact_lock(hashtextextended('receipts ' || $1::text, h)) from unnest($2) h";

    // Both halves of a tenant may change it: in one order.
    private const string Used = """
        with used as materialized (
            select t.account_id, t.version, i.at from unnest($2, $3) i (hash, at) join app.receipt_tokens t on t.tenant_id = $1 and t.hash = i.hash
            order by 1, 2 for update of t)
        update app.receipt_tokens t set last_at = greatest(t.last_at, u.at) from used u
        where t.tenant_id = $1 and t.account_id = u.account_id and t.version = u.version
        """;

    private static readonly string[] _words = [.. Enum.GetValues<ReceiptMeaning>().Select(Words.Of)];

    public static int HalfOf(MatchRow row) => (int)(row.Number % 2);

    /// <param name="half">Null: both.</param>
    public static Task LineUpAsync(NpgsqlConnection connection, Guid tenantId, int? half, CancellationToken ct) =>
        connection.RunAsync(ct, LineUp, tenantId, half is { } one ? new long[] { one } : [0, 1]);

    /// <summary>In the caller's transaction, after <see cref="LineUpAsync"/>.</summary>
    /// <param name="allFirst">Nothing is asked of what is written of their messages already; where something is, the key refuses them all.</param>
    /// <returns>Something was written of their messages already.</returns>
    public static async Task<bool> RunAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<MatchRow> rows, ReceiptPlace place, bool allFirst, CancellationToken ct)
    {
        var repeated = false;
        foreach (var month in rows.GroupBy(r => r.Range.Month))
        {
            // Neighbours in the key are written one after the other.
            var sorted = month.ToList();
            sorted.Sort(MatchRow.InOrder);
            var prior = allFirst ? PriorReceipts.None : await PriorReceipts.FindAsync(connection, tenantId, sorted, ct);
            repeated |= prior.Count > 0;
            var changes = ReceiptChanges.Of(sorted, prior);
            if (changes.FirstOfOpen.Count > 0)
                await TellAsync(connection, tenantId, changes, ct);
            await using var command = connection.Sql(ReceiptSql.Write(place), [tenantId, month.Key, Of(sorted, r => r.Id), .. Columns(changes.Fresh), .. Moves(changes), .. Pulses(sorted)]);
            await command.ExecuteNonQueryAsync(ct);
        }
        await NoteTokensAsync(connection, tenantId, rows, ct);
        return repeated;
    }

    private static async Task TellAsync(NpgsqlConnection connection, Guid tenantId, ReceiptChanges changes, CancellationToken ct)
    {
        var first = changes.FirstOfOpen;
        await using var command = connection.Sql(ReceiptSql.Tell, tenantId, Of(first, r => r.Range.SendingId), Of(first, r => r.Number), Of(first, r => r.Ordinal));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            changes.MoveOf(reader.GetGuid(0)).Tell(reader.GetString(1), reader.GetInt32(2));
    }

    private static async Task NoteTokensAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<MatchRow> rows, CancellationToken ct)
    {
        var tokens = rows.Where(r => r.Delivery.Stored.Token is not null).GroupBy(r => r.Delivery.Stored.Token).ToList();
        if (tokens.Count > 0)
            await connection.RunAsync(ct, Used, tenantId, Of(tokens, t => t.Key), Of(tokens, t => t.Max(r => r.Delivery.Stored.ReceivedAt)));
    }

    private static object[] Columns(List<FreshReceipt> rows)
    {
        var (places, words) = (new Dictionary<(string TaskId, string Status, string Times, ReceiptMeaning Meaning), long>(), new long[rows.Count]);
        for (var i = 0; i < words.Length; i++)
        {
            var row = rows[i].Row;
            var said = (row.Receipt.TaskId, row.Receipt.Status, row.Receipt.Times, row.Meaning);
            if (!places.TryGetValue(said, out words[i]))
                places[said] = words[i] = places.Count + 1;
        }
        // In the order of their places: nothing is ever taken out of it.
        var each = places.Keys.ToList();
        return
        [
            Of(rows, r => r.Row.Id), Of(rows, r => r.Row.Range.SendingId), Of(rows, r => r.Row.Number), Of(rows, r => r.Nth), Of(rows, r => r.Row.Delivery.Stored.ReceivedAt),
            Of(rows, r => r.Row.Receipt.Masked), words, Of(each, w => w.TaskId), Of(each, w => w.Status), Of(each, w => w.Times), Of(each, w => _words[(int)w.Meaning]),
        ];
    }

    private static object[] Moves(ReceiptChanges changes)
    {
        var moves = changes.Moves.ToList();
        return
        [
            Of(moves, m => m.Key), Of(moves, m => m.Value.Delivered), Of(moves, m => m.Value.Undelivered), Of(moves, m => m.Value.Accepted),
            Of(moves, m => m.Value.Refused), Of(moves, m => m.Value.InDoubt), Of(moves, m => m.Value.Cancelled), Of(moves, m => m.Value.Dropped),
        ];
    }

    private static object[] Pulses(List<MatchRow> rows)
    {
        var accounts = rows.GroupBy(r => r.Delivery.Account.AccountId).OrderBy(a => a.Key).ToList();
        return [Of(accounts, a => a.Key), Of(accounts, a => a.Max(r => r.Delivery.Stored.ReceivedAt)), Of(accounts, a => a.LongCount())];
    }

    private static TValue[] Of<T, TValue>(List<T> rows, Func<T, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return values;
    }
}
