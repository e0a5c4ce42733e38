using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.Receipts;

/// <summary>
/// How many more receipts may be parked: a hard cap on all, and on each account half of it, so that whoever forges receipts
/// of one account, or of none, cannot push out the others. Counted now and then, and whenever it would refuse.
/// </summary>
internal sealed class ParkedRoom(IOptions<ReceiptsOptions> options, TimeProvider clock)
{
    private const string Count = "select account_id, count(*) from infra.parked_receipts group by account_id";
    private static readonly TimeSpan _countedFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _refusedFor = TimeSpan.FromSeconds(10);

    // Asked by those who apply, while others are admitted.
    private ConcurrentDictionary<Guid, long> _parked = new();
    private long? _countedAt;

    /// <summary>Those of a group for which there is room; they count as parked.</summary>
    public async Task<List<ReadReceipt>> AdmitAsync(NpgsqlConnection connection, IReadOnlyList<ReadReceipt> receipts, CancellationToken ct)
    {
        if (Older(_countedFor) || (Older(_refusedFor) && !HasRoom(receipts)))
            await CountAsync(connection, ct);
        var admitted = new List<ReadReceipt>(receipts.Count);
        var all = _parked.Values.Sum();
        foreach (var receipt in receipts)
        {
            var account = AccountOf(receipt);
            var its = _parked.GetValueOrDefault(account);
            if (all >= options.Value.ParkedMost || its >= options.Value.ParkedMost / 2)
                continue;
            _parked[account] = its + 1;
            all++;
            admitted.Add(receipt);
        }
        return admitted;
    }

    /// <summary>No more receipts of this account are parked.</summary>
    public bool IsFull(Guid account) => _parked.GetValueOrDefault(account) >= options.Value.ParkedMost / 2 || _parked.Values.Sum() >= options.Value.ParkedMost;

    private bool Older(TimeSpan age) => _countedAt is not { } at || clock.GetElapsedTime(at) > age;

    private bool HasRoom(IReadOnlyList<ReadReceipt> receipts) =>
        _parked.Values.Sum() + receipts.Count <= options.Value.ParkedMost
        && receipts.GroupBy(AccountOf).All(g => _parked.GetValueOrDefault(g.Key) + g.Count() <= options.Value.ParkedMost / 2);

    private async Task CountAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var parked = new ConcurrentDictionary<Guid, long>();
        await using var command = new NpgsqlCommand(Count, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            parked[reader.IsDBNull(0) ? Guid.Empty : reader.GetGuid(0)] = reader.GetInt64(1);
        _parked = parked;
        _countedAt = clock.GetTimestamp();
    }

    private static Guid AccountOf(ReadReceipt receipt) => receipt.First?.AccountId ?? Guid.Empty;
}
