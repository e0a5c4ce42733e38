using System.Net;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// Writes groups of receipts as the role that can do nothing else, over one connection that it keeps. After a failure the
/// database is left alone for a second. For one caller at a time.
/// </summary>
internal sealed class InboxWriter(Databases databases, TimeProvider clock, ILogger<InboxWriter> log) : IAsyncDisposable
{
    private const string Insert = "insert into infra.receipt_inbox (source, token, body) select * from unnest($1, $2, $3)";

    // The mark and the rows are one transaction: whoever repeats this finds the mark moved, and writes nothing.
    private const string Replay = """
        with turn as (
            insert into infra.receipt_spools as s (id, replayed_to) values ($5, $7)
            on conflict (id) do update set replayed_to = excluded.replayed_to where s.replayed_to = $6
            returning 1)
        insert into infra.receipt_inbox (source, token, body, received_at)
        select a.source, a.token, a.body, clock_timestamp() - a.age from unnest($1, $2, $3, $4) as a (source, token, body, age) where exists (select from turn)
        """;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _insert;
    private long? _failedAt;

    /// <summary>True once it is committed. False: it is not, or nobody knows.</summary>
    public Task<bool> InsertAsync(IReadOnlyList<Arrival> group) => TryAsync(async connection =>
    {
        _insert ??= Command(connection, Insert);
        Fill(_insert, group);
        await _insert.ExecuteNonQueryAsync();
    });

    /// <summary>How far a spool file was replayed; null when the database does not answer.</summary>
    public async Task<long?> ReplayedToAsync(Guid spool)
    {
        long? place = null;
        await TryAsync(async connection =>
        {
            await using var command = new NpgsqlCommand("select replayed_to from infra.receipt_spools where id = $1", connection) { Parameters = { new() { Value = spool } } };
            place = await command.ExecuteScalarAsync() as long? ?? 0;
        });
        return place;
    }

    /// <summary>Writes a part of a spool file, once, however often it is tried.</summary>
    public Task<bool> ReplayAsync(Guid spool, long from, long to, IReadOnlyList<Arrival> group) => TryAsync(async connection =>
    {
        await using var command = Command(connection, Replay);
        // The database's clock says when: this machine's knows only how long ago.
        var now = clock.GetUtcNow();
        command.Parameters.Add(new() { Value = group.Select(a => now - a.At).ToArray() });
        command.Parameters.Add(new() { Value = spool });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        Fill(command, group);
        await command.ExecuteNonQueryAsync();
    });

    public Task ForgetAsync(Guid spool) => TryAsync(async connection =>
    {
        await using var command = new NpgsqlCommand("delete from infra.receipt_spools where id = $1", connection) { Parameters = { new() { Value = spool } } };
        await command.ExecuteNonQueryAsync();
    });

    public async ValueTask DisposeAsync()
    {
        if (_insert is not null)
            await _insert.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        (_insert, _connection) = (null, null);
    }

    private async Task<bool> TryAsync(Func<NpgsqlConnection, Task> work)
    {
        if (_failedAt is { } failed && clock.GetElapsedTime(failed) < _pause)
            return false;
        try
        {
            _connection ??= await databases[DatabaseRole.Inbox].OpenConnectionAsync();
            await work(_connection);
            if (_failedAt is not null)
                ReceiptsLog.DatabaseBack(log);
            _failedAt = null;
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            if (_failedAt is null)
                ReceiptsLog.DatabaseAway(log, e);
            _failedAt = clock.GetTimestamp();
            await DisposeAsync();
            return false;
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection)
    {
        Parameters =
        {
            new NpgsqlParameter<IPAddress?[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Inet },
            new NpgsqlParameter<string?[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter<byte[][]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        },
    };

    private static void Fill(NpgsqlCommand command, IReadOnlyList<Arrival> group)
    {
        ((NpgsqlParameter<IPAddress?[]>)command.Parameters[0]).TypedValue = [.. group.Select(a => a.Source)];
        ((NpgsqlParameter<string?[]>)command.Parameters[1]).TypedValue = [.. group.Select(a => a.Token)];
        ((NpgsqlParameter<byte[][]>)command.Parameters[2]).TypedValue = [.. group.Select(a => a.Body!)];
    }
}
