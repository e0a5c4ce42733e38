using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>The portal's own wrapped keys, in <c>infra.system_keys</c>.</summary>
internal sealed class SystemKeyStore(Databases databases) : ISystemKeyStore
{
    private const string Read = "select purpose, version, root_key_id, wrapped from infra.system_keys where purpose = $1";

    private const string Add =
        "insert into infra.system_keys (purpose, version, root_key_id, wrapped) values ($1, $2, $3, $4) on conflict (purpose, version) do nothing";

    public async Task<IReadOnlyList<SystemKey>> ReadAsync(string purpose, CancellationToken cancellationToken)
    {
        await using var command = Command(Read, purpose);
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<bool> TryAddAsync(SystemKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(Add, key.Purpose, key.Version, key.RootKeyId, key.Wrapped);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Keys that another root key than this one wraps, locked for the caller's transaction.</summary>
    public static async Task<IReadOnlyList<SystemKey>> LockAsync(NpgsqlConnection connection, int root, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select purpose, version, root_key_id, wrapped from infra.system_keys where root_key_id <> $1 order by 1, 2 for update skip locked
            """, connection) { Parameters = { new() { Value = root } } };
        return await ReadAsync(command, ct);
    }

    /// <summary>Writes a key in its place and answers what then stands there.</summary>
    public static async Task<SystemKey> ReplaceAsync(NpgsqlConnection connection, SystemKey key, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            update infra.system_keys set root_key_id = $3, wrapped = $4 where purpose = $1 and version = $2 returning purpose, version, root_key_id, wrapped
            """, connection);
        foreach (var value in (object[])[key.Purpose, key.Version, key.RootKeyId, key.Wrapped])
            command.Parameters.Add(new() { Value = value });
        return (await ReadAsync(command, ct))[0];
    }

    /// <summary>All of them, of every purpose.</summary>
    public static async Task<IReadOnlyList<SystemKey>> AllAsync(Databases databases, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand("select purpose, version, root_key_id, wrapped from infra.system_keys");
        return await ReadAsync(command, ct);
    }

    private static async Task<IReadOnlyList<SystemKey>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var keys = new List<SystemKey>();
        while (await reader.ReadAsync(ct))
            keys.Add(new SystemKey(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3)));
        return keys;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = databases[DatabaseRole.Dispatch].CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
