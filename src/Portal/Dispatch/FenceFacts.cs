using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What the database says of itself and of its dispatch sequence.</summary>
internal sealed record FenceFacts(long ReservedTo, string? HeldWhy, string SystemIdentifier, int Timeline, long Database, string Life)
{
    private const string Sql = """
        select s.reserved_to, s.held_why, (select c.system_identifier::text from pg_control_system() c), infra.dispatch_timeline(),
               (select d.oid::bigint from pg_database d where d.datname = current_database()), infra.dispatch_life()
        from infra.dispatch_state s
        """;

    /// <summary>Reads them and locks the row for the caller's transaction.</summary>
    public static Task<FenceFacts> LockAsync(NpgsqlConnection connection, CancellationToken ct) => ReadAsync(connection, Sql + " for update", ct);

    /// <summary>Reads them as they are committed, whoever has the row locked.</summary>
    public static Task<FenceFacts> ReadAsync(NpgsqlConnection connection, CancellationToken ct) => ReadAsync(connection, Sql, ct);

    public FenceRecord Record(long reservedTo, DateTimeOffset now) => new(SystemIdentifier, Timeline, Database, Life, reservedTo, now);

    public Task ReserveAsync(NpgsqlConnection connection, long reservedTo, CancellationToken ct) => connection.RunAsync(ct, """
        update infra.dispatch_state set reserved_to = $1, system_identifier = $2, timeline = $3, database_oid = $4
        """, reservedTo, SystemIdentifier, Timeline, Database);

    public static Task HoldAsync(NpgsqlConnection connection, string why, CancellationToken ct) =>
        connection.RunAsync(ct, "update infra.dispatch_state set held_why = $1, held_at = clock_timestamp() where held_why is null", why);

    /// <summary>Whether the attempt of a mark is there. Sets the connection's tenant.</summary>
    public static async Task<bool> HasAsync(NpgsqlConnection connection, FenceMark mark, CancellationToken ct)
    {
        await using (var tenant = new TenantScope(mark.TenantId).Command(connection))
            await tenant.ExecuteNonQueryAsync(ct);
        return await connection.ScalarAsync<bool>(ct, """
            select exists (select from app.attempts where tenant_id = $1 and sending_id = $2 and batch_no = $3 and attempt_no = $4 and dispatch_no = $5)
            """, mark.TenantId, mark.SendingId, mark.BatchNo, mark.AttemptNo, mark.Number);
    }

    private static async Task<FenceFacts> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.Sql(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            throw new InvalidOperationException("infra.dispatch_state has no row: the database was not migrated.");
        return new(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt64(4), reader.GetString(5));
    }
}
