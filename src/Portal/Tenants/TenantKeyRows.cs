using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>
/// Wrapped keys of many tenants in one statement each, in a transaction of the dispatch role that says so and works as no tenant:
/// a policy lets it go over all of them. Everything else works as one tenant. The rewrap and the status use this, nothing else.
/// </summary>
internal sealed class TenantKeyRows(Databases databases)
{
    // A tenant that nobody is: the policy of the tenants raises where none is set.
    private const string Begin = "select set_config('app.tenant', '00000000-0000-0000-0000-000000000000', true), set_config('app.rewrap', 'on', true)";

    private const string Columns = "select tenant_id, version, root_key_id, wrapped from app.tenant_keys";

    private const string Update = """
        update app.tenant_keys k set root_key_id = u.root_key_id, wrapped = u.wrapped
        from unnest($1, $2, $3, $4) u (tenant_id, version, root_key_id, wrapped)
        where k.tenant_id = u.tenant_id and k.version = u.version returning k.tenant_id, k.version, k.root_key_id, k.wrapped
        """;

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct) => await databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);

    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var transaction = await connection.BeginTransactionAsync(ct);
        await using var begin = new NpgsqlCommand(Begin, connection);
        await begin.ExecuteNonQueryAsync(ct);
        return transaction;
    }

    /// <summary>The next keys that another root key than this one wraps, locked; what somebody else rewraps just now is left out.</summary>
    public static Task<List<WrappedTenantKey>> LockAsync(NpgsqlConnection connection, int root, WrappedTenantKey? after, int limit, CancellationToken ct) =>
        ReadAsync(connection, $"{Columns} where root_key_id <> $4 and (tenant_id, version) > ($1, $2) order by tenant_id, version limit $3 for update skip locked", ct,
            after?.TenantId ?? Guid.Empty, after?.Version ?? 0, limit, root);

    /// <summary>The next keys, whatever wraps them.</summary>
    public static Task<List<WrappedTenantKey>> NextAsync(NpgsqlConnection connection, WrappedTenantKey? after, int limit, CancellationToken ct) =>
        ReadAsync(connection, $"{Columns} where (tenant_id, version) > ($1, $2) order by tenant_id, version limit $3", ct, after?.TenantId ?? Guid.Empty, after?.Version ?? 0, limit);

    /// <summary>Writes them and answers what then stands there.</summary>
    public static Task<List<WrappedTenantKey>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<WrappedTenantKey> keys, CancellationToken ct) =>
        ReadAsync(connection, Update, ct, keys.Select(k => k.TenantId).ToArray(), keys.Select(k => k.Version).ToArray(), keys.Select(k => k.RootKeyId).ToArray(), keys.Select(k => k.Wrapped).ToArray());

    /// <summary>The tenants' random parts, from their own database; one who was deleted has none.</summary>
    public async Task<Dictionary<Guid, byte[]>> PartsAsync(IReadOnlyList<WrappedTenantKey> keys, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Keys].CreateCommand("select tenant_id, part from public.random_parts where tenant_id = any ($1)");
        command.Parameters.Add(new() { Value = keys.Select(k => k.TenantId).Distinct().ToArray() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var parts = new Dictionary<Guid, byte[]>();
        while (await reader.ReadAsync(ct))
            parts.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return parts;
    }

    [SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "A params list comes last.")]
    private static async Task<List<WrappedTenantKey>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var keys = new List<WrappedTenantKey>();
        while (await reader.ReadAsync(ct))
            keys.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3)));
        return keys;
    }
}
