using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>The portal's own wrapped keys, in <c>infra.system_keys</c>.</summary>
internal sealed class SystemKeyStore(Databases databases) : ISystemKeyStore
{
    private const string Read = "select version, root_key_id, wrapped from infra.system_keys where purpose = $1";

    private const string Add =
        "insert into infra.system_keys (purpose, version, root_key_id, wrapped) values ($1, $2, $3, $4) on conflict (purpose, version) do nothing";

    public async Task<IReadOnlyList<SystemKey>> ReadAsync(string purpose, CancellationToken cancellationToken)
    {
        await using var command = Command(Read, purpose);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<SystemKey>();
        while (await reader.ReadAsync(cancellationToken))
            keys.Add(new SystemKey(purpose, reader.GetInt32(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2)));
        return keys;
    }

    public async Task<bool> TryAddAsync(SystemKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(Add, key.Purpose, key.Version, key.RootKeyId, key.Wrapped);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = databases[DatabaseRole.Dispatch].CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
