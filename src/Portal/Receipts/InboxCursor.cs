using System.Net;
using Npgsql;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Reads the inbox forward and never over what it has read, however long the dead rows of that stay (a long report keeps
/// them). Ids are given before their commit: those that were left out are asked for again, and now and then all is read anew.
/// </summary>
internal sealed class InboxCursor(TimeProvider clock)
{
    private const int MostMissing = 20_000;
    private static readonly TimeSpan _anewEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _missingFor = TimeSpan.FromSeconds(30);

    private const string Next = """
        select id, received_at, source, body from infra.receipt_inbox where id = any ($1)
        union all
        (select id, received_at, source, body from infra.receipt_inbox where id > $2 order by id limit $3)
        """;

    private readonly Dictionary<long, long> _missing = [];
    private long _seen;
    private long _begun = clock.GetTimestamp();

    /// <summary>Reads all anew when it is time, or when what was read may not have been applied. Nothing may be under way.</summary>
    public void Begin(bool anew)
    {
        if (!anew && clock.GetElapsedTime(_begun) < _anewEvery)
            return;
        _missing.Clear();
        (_seen, _begun) = (0, clock.GetTimestamp());
    }

    public async Task<List<StoredReceipt>> TakeAsync(NpgsqlConnection connection, int most, CancellationToken ct)
    {
        var taken = new List<StoredReceipt>();
        await using (var command = connection.Sql(Next, _missing.Keys.ToArray(), _seen, most))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                taken.Add(new StoredReceipt(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<IPAddress>(2), reader.GetFieldValue<byte[]>(3), 0));
        }
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
            for (var id = _seen + 1; _seen > 0 && id < receipt.Id && _missing.Count < MostMissing; id++)
                _missing[id] = now;
            _seen = receipt.Id;
        }
    }
}
