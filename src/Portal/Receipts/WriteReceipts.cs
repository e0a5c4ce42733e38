using Npgsql;
using Portal.Data;
using Portal.Dispatch;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>
/// Writes receipts of a tenant that found their message, and all that changes with them. Two transactions with receipts of one
/// message must not both think that it had none before: a message belongs to a half, by its number, and each half of a tenant
/// is written by one at a time.
/// </summary>
internal static class WriteReceipts
{
    private const int Halves = 2;

    private const string LineUp = "select pg_advisory_xact_lock(hashtextextended('receipts ' || $1::text, h)) from unnest($2) h";

    // Both halves of a tenant may change it: in one order.
    private const string Used = """
        with used as materialized (
            select t.account_id, t.version, i.at from unnest($2, $3) i (hash, at) join app.receipt_tokens t on t.tenant_id = $1 and t.hash = i.hash
            order by 1, 2 for update of t)
        update app.receipt_tokens t set last_at = greatest(t.last_at, u.at) from used u
        where t.tenant_id = $1 and t.account_id = u.account_id and t.version = u.version
        """;

    public static int HalfOf(MatchRow row) => (int)(row.Number % Halves);

    /// <param name="half">Null: both.</param>
    public static Task LineUpAsync(NpgsqlConnection connection, Guid tenantId, int? half, CancellationToken ct) =>
        connection.RunAsync(ct, LineUp, tenantId, half is { } one ? new long[] { one } : Enumerable.Range(0, Halves).Select(h => (long)h).ToArray());

    /// <summary>In the caller's transaction, after <see cref="LineUpAsync"/>.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<MatchRow> rows, ReceiptPlace place, CancellationToken ct)
    {
        foreach (var month in rows.GroupBy(r => r.Range.Month))
        {
            // Neighbours in the key are written one after the other.
            List<MatchRow> sorted = [.. month.OrderBy(r => r.Range.SendingId).ThenBy(r => r.Text, StringComparer.Ordinal)];
            var open = sorted.Exists(r => r.Range.Open);
            await using var command = connection.Sql(ReceiptSql.Write(place, open), [tenantId, month.Key, .. Columns(sorted), .. Pulses(sorted), .. open ? Places(sorted) : []]);
            await command.ExecuteNonQueryAsync(ct);
        }
        await NoteTokensAsync(connection, tenantId, rows, ct);
    }

    private static async Task NoteTokensAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<MatchRow> rows, CancellationToken ct)
    {
        var tokens = rows.Where(r => r.Delivery.Stored.Token is not null).GroupBy(r => r.Delivery.Stored.Token).ToList();
        if (tokens.Count > 0)
            await connection.RunAsync(ct, Used, tenantId, Of(tokens, t => t.Key), Of(tokens, t => t.Max(r => r.Delivery.Stored.ReceivedAt)));
    }

    private static object[] Columns(List<MatchRow> rows) =>
    [
        Of(rows, r => r.Id), Of(rows, r => r.Range.SendingId), Of(rows, r => r.Text), Of(rows, r => r.Receipt.TaskId), Of(rows, r => r.Receipt.Masked),
        Of(rows, r => r.Receipt.Status), Of(rows, r => r.Receipt.Times), Of(rows, r => MeaningOf(r.Receipt.Status)), Of(rows, r => r.Delivery.Stored.ReceivedAt),
    ];

    private static object[] Pulses(List<MatchRow> rows)
    {
        var accounts = rows.GroupBy(r => r.Delivery.Account.AccountId).OrderBy(a => a.Key).ToList();
        return [Of(accounts, a => a.Key), Of(accounts, a => a.Max(r => r.Delivery.Stored.ReceivedAt)), Of(accounts, a => a.LongCount())];
    }

    private static object[] Places(List<MatchRow> rows) => [Of(rows, r => r.Ordinal), Of(rows, r => r.Range.Open)];

    private static TValue[] Of<T, TValue>(IEnumerable<T> rows, Func<T, TValue> value) => [.. rows.Select(value)];

    private static string MeaningOf(string status) => Words.Of(ReceiptWords.Meaning(status) switch
    {
        Sms.Provider.ReceiptMeaning.Delivered => ReceiptMeaning.Delivered,
        Sms.Provider.ReceiptMeaning.Undelivered => ReceiptMeaning.Undelivered,
        Sms.Provider.ReceiptMeaning.NotFinal => ReceiptMeaning.NotFinal,
        _ => ReceiptMeaning.Failed,
    });
}
