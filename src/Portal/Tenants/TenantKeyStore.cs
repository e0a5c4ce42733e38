using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>Wrapped keys in <c>app.tenant_keys</c>, random parts in the key store's own database (design section 5).</summary>
internal sealed class TenantKeyStore(PortalDbFactory dbs, Databases databases) : ITenantKeyStore
{
    public async Task<WrappedTenantKey?> ReadAsync(Guid tenantId, int? version, CancellationToken cancellationToken)
    {
        await using var db = Open(tenantId);
        var key = await db.Set<TenantKey>().AsNoTracking()
            .Where(k => version == null || k.Version == version)
            .OrderByDescending(k => k.Version)
            .FirstOrDefaultAsync(cancellationToken);
        return key is null ? null : new WrappedTenantKey(tenantId, key.Version, key.RootKeyId, key.Wrapped);
    }

    public async Task<byte[]?> ReadRandomPartAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var command = Keys("select part from public.random_parts where tenant_id = $1", tenantId);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task AddAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken)
    {
        await using (var command = Keys("insert into public.random_parts (tenant_id, part) values ($1, $2) on conflict (tenant_id) do nothing", key.TenantId))
        {
            command.Parameters.Add(new() { Value = randomPart });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        // Somebody else's part would make a key that nobody can unwrap.
        if (!CryptographicOperations.FixedTimeEquals(await ReadRandomPartAsync(key.TenantId, cancellationToken), randomPart))
            throw new InvalidOperationException("The key store has another random part for this tenant.");

        await using var db = Open(key.TenantId);
        db.Add(new TenantKey { TenantId = key.TenantId, Version = key.Version, RootKeyId = key.RootKeyId, Wrapped = key.Wrapped });
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task DeleteAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using (var command = Keys("delete from public.random_parts where tenant_id = $1", tenantId))
            await command.ExecuteNonQueryAsync(cancellationToken);

        await using var db = Open(tenantId);
        await db.Set<TenantKey>().ExecuteDeleteAsync(cancellationToken);
    }

    private PortalDb Open(Guid tenantId) => dbs.Create(new TenantScope(tenantId), DatabaseRole.Dispatch);

    private NpgsqlCommand Keys(string sql, Guid tenantId)
    {
        var command = databases[DatabaseRole.Keys].CreateCommand(sql);
        command.Parameters.Add(new() { Value = tenantId });
        return command;
    }
}
