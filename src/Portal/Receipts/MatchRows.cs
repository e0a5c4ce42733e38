using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>A receipt with a number that its task's range may have.</summary>
internal sealed record MatchRow(Delivery Delivery, TaskRange Range, string Number);

/// <summary>Finds the number that a receipt means. A masked one means somebody only where one number of its task fits.</summary>
internal static class MatchRows
{
    private static readonly string _numbers = $"""
        select i.at, m.number
        from unnest($2, $3, $4) as i (at, sending_id, batch_no)
        join app.batches b on b.tenant_id = $1 and b.sending_id = i.sending_id and b.batch_no = i.batch_no
        cross join {BatchMessages.Of("b")} m
        """;

    public static async Task<List<MatchRow>> FindAsync(NpgsqlConnection connection, Guid tenantId, IReadOnlyList<Delivery> deliveries, KnownTasks known, CancellationToken ct)
    {
        var rows = deliveries.SelectMany(d => known.Of(d).Select(r => new MatchRow(d, r, d.Receipt.Mobile))).ToList();
        var masked = rows.FindAll(r => r.Delivery.Receipt.Masked);
        if (masked.Count == 0)
            return rows;
        rows.RemoveAll(r => r.Delivery.Receipt.Masked);
        var ranges = await ReadAsync(connection, tenantId, masked, ct);
        var fitting = masked.SelectMany(m => ranges[m.Range].Fitting(m.Number).Select(n => m with { Number = n }));
        rows.AddRange(fitting.GroupBy(f => f.Delivery.Stored.Id).Where(g => g.Select(f => f.Number).Distinct(StringComparer.Ordinal).Count() == 1).SelectMany(g => g));
        return rows;
    }

    private static async Task<Dictionary<TaskRange, MaskedNumbers>> ReadAsync(NpgsqlConnection connection, Guid tenantId, List<MatchRow> masked, CancellationToken ct)
    {
        var ranges = masked.Select(m => m.Range).Distinct().ToList();
        var numbers = ranges.ConvertAll(_ => new List<string>());
        await using var command = connection.Sql(_numbers, tenantId, Enumerable.Range(0, ranges.Count).ToArray(),
            ranges.Select(r => r.SendingId).ToArray(), ranges.Select(r => r.BatchNo).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            numbers[reader.GetInt32(0)].Add(reader.GetString(1));
        return ranges.Select((range, i) => (range, i)).ToDictionary(r => r.range, r => new MaskedNumbers(numbers[r.i]));
    }
}
