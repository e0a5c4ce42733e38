using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.Members;

/// <param name="Alive">It said so within the last half minute.</param>
public sealed record InstanceRow(string Host, string Roles, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool Alive);

/// <param name="Purpose">What a key of the portal itself is for.</param>
public sealed record SystemKeyRow(string Purpose, int Version, int RootKeyId);

/// <summary>Secrets that are opened more than three times as often as usual in this hour.</summary>
/// <param name="Slug">Null: secrets of the portal itself.</param>
/// <param name="Tenant">Its name; null as well when it is not registered any more.</param>
public sealed record UnusualRow(string? Slug, string? Tenant, string Purpose, long Openings, long Usual);

/// <param name="Schema">The newest migration.</param>
/// <param name="Server">PostgreSQL's version.</param>
/// <param name="RootKeyId">The root key that this instance wraps new keys under.</param>
public sealed record SystemView(
    IReadOnlyList<InstanceRow> Instances, string Schema, string IdentSchema, string Server, long DatabaseBytes, IReadOnlyList<SystemKeyRow> Keys, int RootKeyId,
    IReadOnlyList<UnusualRow> Unusual);

/// <summary>What runs, on which versions, with which keys: for operators.</summary>
public sealed class SystemStatus(Databases databases, IRootKeys roots, IOptions<VaultOptions> vault)
{
    public async Task<SystemView> RunAsync(Operator by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        var instances = await ReadAsync(connection, """
            select host, roles, version, started_at, seen_at, seen_at > clock_timestamp() - interval '30 seconds' from infra.instances
            where seen_at > clock_timestamp() - interval '1 day' order by 6 desc, host, started_at
            """, r => new InstanceRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4), r.GetBoolean(5)), ct);
        var keys = await ReadAsync(connection, "select purpose, version, root_key_id from infra.system_keys order by purpose, version",
            r => new SystemKeyRow(r.GetString(0), r.GetInt32(1), r.GetInt32(2)), ct);
        var unusual = await ReadAsync(connection, """
            select coalesce(t.slug, u.tenant_id::text), t.name, u.purpose, u.openings, u.usual
            from infra.unusual_openings($1) u left join ident.tenants t on t.id = u.tenant_id order by u.openings desc
            """, r => new UnusualRow(r.IsDBNull(0) ? null : r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4)),
            ct, vault.Value.UsualOpenings);
        var facts = await ReadAsync(connection, """
            select coalesce((select max(migration_id) from infra.migrations_app), ''), coalesce((select max(migration_id) from infra.migrations_ident), ''),
                   current_setting('server_version'), pg_database_size(current_database())
            """, r => (App: r.GetString(0), Ident: r.GetString(1), Server: r.GetString(2), Bytes: r.GetInt64(3)), ct);
        var (app, ident, server, bytes) = facts[0];
        return new(instances, app, ident, server, bytes, keys, roots.ActiveId, unusual);
    }

    [SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "A params list comes last.")]
    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }
}
