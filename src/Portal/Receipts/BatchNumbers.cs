using System.Collections.Concurrent;
using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>The numbers of one batch, and where each stands.</summary>
internal sealed class NumbersOfBatch
{
    private readonly long[] _numbers;
    private readonly int[] _ordinals;

    public NumbersOfBatch(long[] numbers, int firstOrdinal)
    {
        (_numbers, _ordinals) = (numbers, [.. Enumerable.Range(firstOrdinal, numbers.Length)]);
        Array.Sort(_numbers, _ordinals);
    }

    public int Count => _numbers.Length;

    /// <summary>Null: it is not one of them.</summary>
    public int? OrdinalOf(long number) => Array.BinarySearch(_numbers, number) is >= 0 and var at ? _ordinals[at] : null;

    public IEnumerable<long> Fitting(NumberMask mask)
    {
        var at = Array.BinarySearch(_numbers, mask.Lowest);
        for (at = at < 0 ? ~at : at; at < _numbers.Length && _numbers[at] <= mask.Highest; at++)
        {
            if (mask.Fits(_numbers[at]))
                yield return _numbers[at];
        }
    }
}

/// <summary>
/// Looks numbers of batches up and keeps them: they never change, receipts of one batch come together, and asking for each
/// message by its key would cost more than all the rest.
/// </summary>
internal sealed class BatchNumbers
{
    private const int MostKept = 4_000_000;

    private readonly ConcurrentDictionary<(Guid SendingId, int BatchNo), NumbersOfBatch> _kept = new();
    private int _count;

    /// <returns>By the range itself, not by what it says.</returns>
    public async Task<Dictionary<TaskRange, NumbersOfBatch>> OfAsync(NpgsqlConnection connection, Guid tenantId, IEnumerable<TaskRange> ranges, CancellationToken ct)
    {
        var (found, missing) = (new Dictionary<TaskRange, NumbersOfBatch>(ReferenceEqualityComparer.Instance), new List<TaskRange>());
        foreach (var range in ranges)
        {
            if (_kept.TryGetValue((range.SendingId, range.BatchNo), out var kept))
                found[range] = kept;
            else
                missing.Add(range);
        }
        if (missing.Count > 0)
            await ReadAsync(connection, tenantId, missing, found, ct);
        return found;
    }

    private async Task ReadAsync(NpgsqlConnection connection, Guid tenantId, List<TaskRange> ranges, Dictionary<TaskRange, NumbersOfBatch> found, CancellationToken ct)
    {
        await using var command = connection.Sql("""
            select i.at, b.numbers from unnest($2, $3, $4) as i (at, sending_id, batch_no)
            join app.batches b on b.tenant_id = $1 and b.sending_id = i.sending_id and b.batch_no = i.batch_no
            """, tenantId, Enumerable.Range(0, ranges.Count).ToArray(), ranges.ConvertAll(r => r.SendingId), ranges.ConvertAll(r => r.BatchNo));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var range = ranges[reader.GetInt32(0)];
            Keep(range, found[range] = new NumbersOfBatch(reader.GetFieldValue<long[]>(1), range.FirstOrdinal));
        }
    }

    private void Keep(TaskRange range, NumbersOfBatch numbers)
    {
        if (Interlocked.Add(ref _count, numbers.Count) > MostKept)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _count, numbers.Count);
        }
        _kept[(range.SendingId, range.BatchNo)] = numbers;
    }
}
