using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>Where a tenant's wrapped key stands.</summary>
internal sealed record KeyPlaceRow(Guid TenantId, int Version)
{
    public static KeyPlaceRow First { get; } = new(Guid.Empty, 0);
}

/// <summary>
/// Wrapped keys of many tenants in few round trips. Which ones there are is told by definer functions; each key is read and
/// written as its own tenant, on the caller's connection of the dispatch role.
/// </summary>
internal sealed class TenantKeyRows(Databases databases)
{
    private const string Select = "select root_key_id, wrapped from app.tenant_keys where tenant_id = $1 and version = $2";

    private const string Update = """
        update app.tenant_keys set root_key_id = $3, wrapped = $4 where tenant_id = $1 and version = $2 returning root_key_id, wrapped
        """;

    public static async Task<List<KeyPlaceRow>> PlacesAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var places = new List<KeyPlaceRow>();
        while (await reader.ReadAsync(ct))
            places.Add(new(reader.GetGuid(0), reader.GetInt32(1)));
        return places;
    }

    public static Task<List<WrappedTenantKey>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<KeyPlaceRow> places, CancellationToken ct) =>
        EachAsync(connection, places, p => new NpgsqlBatchCommand(Select) { Parameters = { Value(p.TenantId), Value(p.Version) } }, ct);

    /// <summary>Writes them and answers what then stands there.</summary>
    public static async Task<List<WrappedTenantKey>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<WrappedTenantKey> keys, CancellationToken ct)
    {
        var byPlace = keys.ToDictionary(k => new KeyPlaceRow(k.TenantId, k.Version));
        return await EachAsync(connection, [.. byPlace.Keys], p => new NpgsqlBatchCommand(Update)
        {
            Parameters = { Value(p.TenantId), Value(p.Version), Value(byPlace[p].RootKeyId), Value(byPlace[p].Wrapped) },
        }, ct);
    }

    /// <summary>The tenants' random parts, from their own database; one who was deleted has none.</summary>
    public async Task<Dictionary<Guid, byte[]>> PartsAsync(IReadOnlyList<KeyPlaceRow> places, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Keys].CreateCommand("select tenant_id, part from public.random_parts where tenant_id = any ($1)");
        command.Parameters.Add(Value(places.Select(p => p.TenantId).Distinct().ToArray()));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var parts = new Dictionary<Guid, byte[]>();
        while (await reader.ReadAsync(ct))
            parts.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return parts;
    }

    private static async Task<List<WrappedTenantKey>> EachAsync(NpgsqlConnection connection, IReadOnlyList<KeyPlaceRow> places, Func<KeyPlaceRow, NpgsqlBatchCommand> of, CancellationToken ct)
    {
        var keys = new List<WrappedTenantKey>(places.Count);
        if (places.Count == 0)
            return keys;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var place in places)
        {
            batch.BatchCommands.Add(new TenantScope(place.TenantId).BatchCommand());
            batch.BatchCommands.Add(of(place));
        }
        await using var reader = await batch.ExecuteReaderAsync(ct);
        foreach (var place in places)
        {
            await reader.NextResultAsync(ct);
            if (await reader.ReadAsync(ct))
                keys.Add(new(place.TenantId, place.Version, reader.GetInt32(0), reader.GetFieldValue<byte[]>(1)));
            await reader.NextResultAsync(ct);
        }
        return keys;
    }

    private static NpgsqlParameter Value(object value) => new() { Value = value };
}
