using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Portal.Data;
using Portal.Dispatch;

namespace Portal.Receipts;

/// <summary>
/// Keeps receipts that match nothing, sealed, and brings them back after 2 seconds, a minute, then every hour: the reply
/// that knows their taskid may be on its way, or their account may be added.
/// </summary>
internal sealed class ParkReceipts(Databases databases, Vault.Vault vault, ParkedRoom room, IOptions<ReceiptsOptions> options, ILogger<ParkReceipts> log)
{
    private const string Purpose = "parked-receipts";

    private const string Park = """
        insert into infra.parked_receipts (id, received_at, source, reason, tenant_id, account_id, key_hash, sealed, token, key_last4, tries, next_at)
        select p.*, 0, clock_timestamp() + interval '2 seconds' from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) p on conflict do nothing
        """;

    private const string Due = """
        select id, received_at, token, sealed, next_at from infra.parked_receipts
        where next_at <= now() and (next_at, id) > ($1, $2) order by next_at, id limit $3
        """;

    private const string InOrder = """
        select id, received_at, token, sealed, next_at from infra.parked_receipts
        where id > $1 and id <= $2 and ($3::text is null or reason = $3) order by id limit $4
        """;

    private const string Again = """
        update infra.parked_receipts p set tries = p.tries + 1,
            next_at = clock_timestamp() + case when p.tries = 0 then interval '1 minute' else interval '1 hour' end
        where p.id = any ($1)
        """;

    /// <summary>Moves receipts from the inbox to the parking place, in one transaction.</summary>
    public async Task ParkAsync(IReadOnlyList<ReadReceipt> receipts, CancellationToken ct)
    {
        if (receipts.Count == 0)
            return;
        await using var connection = await databases[DatabaseRole.Applier].OpenConnectionAsync(ct);
        var admitted = await room.AdmitAsync(connection, receipts, ct);
        if (admitted.Count < receipts.Count)
            ReceiptsLog.ParkedFull(log, receipts.Count - admitted.Count);
        var bodies = await vault.SealSystemAsync(Purpose, [.. admitted.Select(r => r.Stored.Body)], ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var command = connection.Sql(Park, admitted.Select(r => r.Stored.Id).ToArray(), admitted.Select(r => r.Stored.ReceivedAt).ToArray()))
        {
            void Add<T>(NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
            Add(NpgsqlDbType.Inet, admitted.Select(r => r.Stored.Source));
            Add(NpgsqlDbType.Text, admitted.Select(r => r.ParkedReason));
            Add(NpgsqlDbType.Uuid, admitted.Select(r => r.First?.TenantId));
            Add(NpgsqlDbType.Uuid, admitted.Select(r => r.First?.AccountId));
            Add(NpgsqlDbType.Bytea, admitted.Select(r => r.WokenBy));
            Add(NpgsqlDbType.Bytea, bodies);
            Add(NpgsqlDbType.Text, admitted.Select(r => r.Stored.Token));
            Add(NpgsqlDbType.Text, admitted.Select(r => EndOf(r.Receipt?.ApiKey)));
            await command.ExecuteNonQueryAsync(ct);
        }
        await connection.RunAsync(ct, "delete from infra.receipt_inbox where id = any ($1)", (object)receipts.Select(r => r.Stored.Id).ToArray());
        await transaction.CommitAsync(ct);
    }

    /// <summary>Parked receipts whose time has come, from a place on; and the place behind them, null at the end. Those that do not open wait for their next time.</summary>
    public async Task<(List<StoredReceipt> Receipts, ParkedPlace? Next)> TakeDueAsync(ParkedPlace from, CancellationToken ct)
    {
        var (receipts, closed, next) = await TakeAsync(Due, [from.NextAt, from.Id, options.Value.Group], ct);
        if (closed.Length > 0)
        {
            ReceiptsLog.DoNotOpen(log, closed.Length);
            await WaitAsync(closed, ct);
        }
        return (receipts, next);
    }

    /// <summary>Parked receipts in the order in which they came, whenever their time is; and the last one's id, null at the end.</summary>
    /// <param name="reason">Null: of every reason.</param>
    public async Task<(List<StoredReceipt> Receipts, long? Last)> TakeAsync(string? reason, long after, long upTo, CancellationToken ct)
    {
        var (receipts, _, place) = await TakeAsync(InOrder, [after, upTo, reason ?? (object)DBNull.Value, options.Value.Group], ct);
        return (receipts, place?.Id);
    }

    private async Task<(List<StoredReceipt> Receipts, long[] Closed, ParkedPlace? Last)> TakeAsync(string sql, object[] values, CancellationToken ct)
    {
        var (rows, bodies, last) = (new List<(long Id, DateTimeOffset ReceivedAt, string? Token)>(), new List<byte[]>(), (ParkedPlace?)null);
        await using (var command = databases[DatabaseRole.Applier].CreateCommand(sql))
        {
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                rows.Add((reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
                bodies.Add(reader.GetFieldValue<byte[]>(3));
                last = new ParkedPlace(reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(0));
            }
        }
        var opened = await vault.OpenSystemAsync(Purpose, bodies, ct);
        var receipts = rows.Select((r, i) => opened[i] is { } body ? new StoredReceipt(r.Id, r.ReceivedAt, null, r.Token, body) : null).OfType<StoredReceipt>().ToList();
        return (receipts, [.. rows.Where((_, i) => opened[i] is null).Select(r => r.Id)], last);
    }

    /// <summary>Those that matched nothing again wait for their next time.</summary>
    public Task WaitAsync(IReadOnlyList<ReadReceipt> receipts, CancellationToken ct) => WaitAsync(receipts.Select(r => r.Stored.Id).ToArray(), ct);

    /// <summary>What nobody claimed in time is dropped.</summary>
    public async Task DropOldAsync(CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Applier].CreateCommand("delete from infra.parked_receipts where received_at < clock_timestamp() - $1");
        command.Parameters.Add(new() { Value = TimeSpan.FromHours(options.Value.ParkedHours) });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What an operator may see of an apikey: its end, where that is a small part of it.</summary>
    private static string? EndOf(string? apiKey) =>
        apiKey is { Length: >= 12 } && apiKey[^4..] is var end && end.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '-' or '_') ? end : null;

    /// <summary>Those that failed are tried again soon, whenever their next time would have been.</summary>
    public async Task TryAgainAsync(IReadOnlyList<ReadReceipt> receipts, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Applier].CreateCommand("update infra.parked_receipts set next_at = clock_timestamp() + interval '1 minute' where id = any ($1)");
        command.Parameters.Add(new() { Value = receipts.Select(r => r.Stored.Id).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task WaitAsync(long[] ids, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Applier].CreateCommand(Again);
        command.Parameters.Add(new() { Value = ids });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>A place in the row of parked receipts.</summary>
internal sealed record ParkedPlace(DateTimeOffset NextAt, long Id)
{
    public static readonly ParkedPlace First = new(DateTimeOffset.UnixEpoch, 0);
}
