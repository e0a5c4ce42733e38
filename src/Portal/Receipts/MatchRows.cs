using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>A receipt with a number that its task's range may have.</summary>
internal sealed record MatchRow(Delivery Delivery, TaskRange Range, string Number);

/// <summary>Finds the number that a receipt means. A masked one means somebody only where one number of its task fits.</summary>
internal static class MatchRows
{
    private const string Numbers = """
        select i.at, m.number
        from unnest($3, $4, $5, $6) as i (at, sending_id, first_ordinal, last_ordinal)
        join app.messages m on m.tenant_id = $1 and m.month = $2 and m.sending_id = i.sending_id and m.ordinal between i.first_ordinal and i.last_ordinal
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
        var found = new Dictionary<TaskRange, MaskedNumbers>();
        foreach (var month in masked.Select(m => m.Range).Distinct().GroupBy(r => r.Month))
        {
            var ranges = month.ToList();
            var numbers = ranges.ConvertAll(_ => new List<string>());
            await using (var command = connection.Sql(Numbers, tenantId, month.Key, Enumerable.Range(0, ranges.Count).ToArray(),
                ranges.Select(r => r.SendingId).ToArray(), ranges.Select(r => r.FirstOrdinal).ToArray(), ranges.Select(r => r.LastOrdinal).ToArray()))
            await using (var reader = await command.ExecuteReaderAsync(ct))
            {
                while (await reader.ReadAsync(ct))
                    numbers[reader.GetInt32(0)].Add(reader.GetString(1));
            }
            for (var i = 0; i < ranges.Count; i++)
                found[ranges[i]] = new MaskedNumbers(numbers[i]);
        }
        return found;
    }
}
