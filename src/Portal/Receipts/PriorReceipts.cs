using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>A receipt of a message that is written already.</summary>
internal sealed record PriorReceipt(string TaskId, string Status, string Times, string Meaning, long Seq);

/// <summary>The receipts of messages that are written already: mostly none.</summary>
internal static class PriorReceipts
{
    public static readonly ILookup<int, PriorReceipt> None = Array.Empty<PriorReceipt>().ToLookup(_ => 0);

    /// <param name="sorted">Of one month; those of one message stand together.</param>
    /// <returns>By the place of a message's first row in <paramref name="sorted"/>.</returns>
    public static async Task<ILookup<int, PriorReceipt>> FindAsync(NpgsqlConnection connection, Guid tenantId, List<MatchRow> sorted, CancellationToken ct)
    {
        var (at, sendings, numbers) = (new List<int>(sorted.Count), new List<Guid>(sorted.Count), new List<long>(sorted.Count));
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i > 0 && sorted[i].IsOfSameMessage(sorted[i - 1]))
                continue;
            at.Add(i);
            sendings.Add(sorted[i].Range.SendingId);
            numbers.Add(sorted[i].Number);
        }
        var found = new List<(int At, PriorReceipt Receipt)>();
        await using var command = connection.Sql(ReceiptSql.Prior, tenantId, sorted[0].Range.Month, at.ToArray(), sendings.ToArray(), numbers.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetInt32(0), new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5))));
        return found.ToLookup(f => f.At, f => f.Receipt);
    }
}
