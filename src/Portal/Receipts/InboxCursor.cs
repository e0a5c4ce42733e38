using System.Net;
using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Reads the inbox forward and never over what it has read, however long the dead rows of that stay (a long report keeps
/// them). Ids are given before their commit: those that were left out are asked for again for a while, and every minute the
/// last minutes are read anew; every hour all is.
/// </summary>
internal sealed class InboxCursor(TimeProvider clock)
{
    private const int MostMissing = 20_000;
    private static readonly TimeSpan _anewEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _allEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan _missingFor = TimeSpan.FromSeconds(30);

    private const string Next = """
        select id, received_at, source, token, body from infra.receipt_inbox where id = any ($1) and id <= $2
        union all
        (select id, received_at, source, token, body from infra.receipt_inbox where id > $2 order by id limit $3)
        """;

    private readonly Dictionary<long, long> _missing = [];
    private long _seen;
    private long _highest;
    private long _again;
    private long _begun = clock.GetTimestamp();
    private long _allBegun = clock.GetTimestamp();

    /// <summary>Reads the last minutes anew when it is time. Nothing may be under way.</summary>
    /// <param name="all">What was read may not have been applied: all is read anew.</param>
    public void Begin(bool all)
    {
        var now = clock.GetTimestamp();
        if (all || clock.GetElapsedTime(_allBegun, now) >= _allEvery)
        {
            _missing.Clear();
            (_seen, _highest, _again, _begun, _allBegun) = (0, 0, 0, now, now);
        }
        else if (clock.GetElapsedTime(_begun, now) >= _anewEvery)
        {
            (_seen, _again, _begun) = (_again, _seen, now);
        }
    }

    public async Task<List<StoredReceipt>> TakeAsync(NpgsqlConnection connection, int most, CancellationToken ct)
    {
        var taken = new List<StoredReceipt>();
        await using (var command = connection.Sql(Next, _missing.Keys.ToArray(), _seen, most))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                taken.Add(new StoredReceipt(
                    reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<IPAddress>(2),
                    reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
            }
        }
        if (_missing.Count > 0)
            taken.Sort((a, b) => a.Id.CompareTo(b.Id));
        Note(taken);
        return taken;
    }

    private void Note(List<StoredReceipt> taken)
    {
        var now = clock.GetTimestamp();
        foreach (var (id, since) in _missing)
        {
            if (clock.GetElapsedTime(since, now) > _missingFor)
                _missing.Remove(id);
        }
        foreach (var receipt in taken)
        {
            _missing.Remove(receipt.Id);
            if (receipt.Id <= _seen)
                continue;
            for (var id = _highest + 1; _highest > 0 && id < receipt.Id && _missing.Count < MostMissing; id++)
                _missing[id] = now;
            _seen = receipt.Id;
            _highest = Math.Max(_highest, receipt.Id);
        }
    }
}
