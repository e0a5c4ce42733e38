using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>A data key in plain, with what the header of a value sealed under it says.</summary>
internal sealed record DataKey(Header Header, PinnedBytes Bytes) : IDisposable
{
    public void Dispose() => Bytes.Dispose();
}

internal sealed class TenantKeys(KeyWrap wrap, ITenantKeyStore store, string environment)
{
    private const int RandomPartLength = 32;

    public async Task CreateAsync(Guid tenantId, int version, CancellationToken cancellationToken)
    {
        // The random part is there when an earlier call was cut off between the two stores, or for a later version.
        var randomPart = await store.ReadRandomPartAsync(tenantId, cancellationToken)
            ?? RandomNumberGenerator.GetBytes(RandomPartLength);
        using var key = PinnedBytes.Random(Envelope.KeyLength);
        var root = wrap.ActiveRoot;
        var wrapped = await wrap.WrapAsync(root, Place(tenantId, version, randomPart), key, cancellationToken);
        await store.AddAsync(new WrappedTenantKey(tenantId, version, root, wrapped), randomPart, cancellationToken);
    }

    /// <summary>The newest version, or the one that is asked for.</summary>
    public async Task<DataKey> OpenAsync(Guid tenantId, int? version, CancellationToken cancellationToken)
    {
        var key = await store.ReadAsync(tenantId, version, cancellationToken)
            ?? throw await MissingAsync(tenantId, version, cancellationToken);
        var randomPart = await store.ReadRandomPartAsync(tenantId, cancellationToken) ?? throw NoKey();
        var place = Place(tenantId, key.Version, randomPart);
        var bytes = await wrap.UnwrapAsync(key.RootKeyId, place, key.Wrapped, cancellationToken);
        return new DataKey(new Header(key.RootKeyId, key.Version), bytes);
    }

    public async Task<WrappedTenantKey> RewrapAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken)
    {
        var (root, place) = (wrap.ActiveRoot, Place(key.TenantId, key.Version, randomPart));
        return key with { RootKeyId = root, Wrapped = await wrap.RewrapAsync(key.RootKeyId, root, place, key.Wrapped, cancellationToken) };
    }

    public async Task CheckAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken)
    {
        using var bytes = await wrap.UnwrapAsync(key.RootKeyId, Place(key.TenantId, key.Version, randomPart), key.Wrapped, cancellationToken);
    }

    private KeyPlace Place(Guid tenantId, int version, byte[] randomPart) =>
        randomPart.Length == RandomPartLength
            ? KeyPlace.OfTenant(environment, tenantId, version, randomPart)
            : throw VaultException.Tampered();

    private async Task<VaultException> MissingAsync(Guid tenantId, int? version, CancellationToken cancellationToken) =>
        version is null || await store.ReadAsync(tenantId, version: null, cancellationToken) is null
            ? NoKey()
            : new VaultException(VaultError.UnknownKeyVersion, "The version of the tenant's key that sealed this value is gone.");

    public static VaultException NoKey() => new(VaultError.NoTenantKey, "The tenant has no key: none was made, or it was deleted.");
}
