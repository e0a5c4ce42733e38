using System.Net;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Counts what becomes of receipts while they are applied, and writes it every minute for operators: how many came, were
/// applied and parked, how late, and from where. For one caller at a time.
/// </summary>
internal sealed class ReceiptTally(TimeProvider clock)
{
    // Whoever forges receipts may do it from everywhere: the rest is counted together.
    private const int MostSources = 200;
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    private const string Write = """
        with noted as (
            insert into infra.receipt_minutes (seconds, last_id, applied, parked, lag_ms)
            select $1, coalesce((select last_value from pg_sequences where schemaname = 'infra' and sequencename = 'receipt_inbox_id_seq'), 0), $2, $3, $4),
        old_minutes as (delete from infra.receipt_minutes where at < clock_timestamp() - interval '72 hours'),
        old_sources as (delete from infra.receipt_sources where hour < clock_timestamp() - interval '72 hours')
        insert into infra.receipt_sources as s (hour, source, taken, parked, last_at)
        select date_trunc('hour', clock_timestamp()), i.source, i.taken, i.parked, clock_timestamp() from unnest($5, $6, $7) i (source, taken, parked)
        on conflict (hour, source) do update set taken = s.taken + excluded.taken, parked = s.parked + excluded.parked, last_at = excluded.last_at
        """;

    private readonly Dictionary<IPAddress, (long Taken, long Parked)> _sources = [];
    private long _since = clock.GetTimestamp();
    private long _applied;
    private long _parked;
    private TimeSpan? _lag;

    /// <summary>This process begins to apply: what it counted before is another one's time.</summary>
    public void Begin()
    {
        (_since, _applied, _parked, _lag) = (clock.GetTimestamp(), 0, 0, null);
        _sources.Clear();
    }

    /// <param name="left">Those of the group that matched nothing.</param>
    public void Took(IReadOnlyList<ReadReceipt> group, IReadOnlyList<ReadReceipt> left)
    {
        if (group.Count == 0)
            return;
        _applied += group.Count - left.Count;
        _parked += left.Count;
        var lag = clock.GetUtcNow() - group.Min(r => r.Stored.ReceivedAt);
        _lag = _lag > lag ? _lag : lag;
        foreach (var receipt in group)
            Add(receipt, taken: 1, parked: 0);
        foreach (var receipt in left)
            Add(receipt, taken: 0, parked: 1);
    }

    /// <summary>Parked ones that found their message after all.</summary>
    public void FoundLater(int receipts) => _applied += receipts;

    /// <summary>Writes what was counted, when a minute is over.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var span = clock.GetElapsedTime(_since);
        if (span < _every)
            return;
        await using var command = connection.Sql(Write, span.TotalSeconds, _applied, _parked);
        command.Parameters.Add(new() { Value = _lag is { } lag ? (int)Math.Clamp(lag.TotalMilliseconds, 0, int.MaxValue) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = _sources.Keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Inet });
        command.Parameters.Add(new() { Value = _sources.Values.Select(s => s.Taken).ToArray() });
        command.Parameters.Add(new() { Value = _sources.Values.Select(s => s.Parked).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
        Begin();
    }

    private void Add(ReadReceipt receipt, long taken, long parked)
    {
        var source = receipt.Stored.Source ?? IPAddress.IPv6None;
        if (_sources.Count >= MostSources && !_sources.ContainsKey(source))
            source = IPAddress.IPv6None;
        ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, source, out _);
        counted = (counted.Taken + taken, counted.Parked + parked);
    }
}
