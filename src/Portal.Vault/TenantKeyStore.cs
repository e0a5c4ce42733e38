namespace Portal.Vault;

/// <summary>A tenant's data key, wrapped. <see cref="Version"/> counts from 1.</summary>
public sealed record WrappedTenantKey(Guid TenantId, int Version, int RootKeyId, byte[] Wrapped);

/// <summary>
/// Where wrapped tenant keys and the tenants' random parts are kept. The random parts belong into a store of their own, whose
/// backups expire within a week: without it a deleted key comes back with any old backup (design section 5).
/// </summary>
public interface ITenantKeyStore
{
    /// <summary>One version of a tenant's key, the newest when <paramref name="version"/> is null; null when there is none.</summary>
    Task<WrappedTenantKey?> ReadAsync(Guid tenantId, int? version, CancellationToken cancellationToken);

    /// <summary>The tenant's 32 random bytes; null when there are none.</summary>
    Task<byte[]?> ReadRandomPartAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a key. The random part is written first, so that a half-done call can be repeated. Must fail when the tenant has
    /// that version already, or another random part.
    /// </summary>
    Task AddAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken);

    /// <summary>Deletes the random part, then every version of the key. No error when there is nothing.</summary>
    Task DeleteAsync(Guid tenantId, CancellationToken cancellationToken);
}
