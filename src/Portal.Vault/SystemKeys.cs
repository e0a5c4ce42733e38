namespace Portal.Vault;

internal sealed class SystemKeys(KeyWrap wrap, ISystemKeyStore store, string environment)
{
    /// <summary>Every live version, newest first, still wrapped; the first one is made when there is none.</summary>
    public async Task<IReadOnlyList<SystemKey>> ReadOrCreateAsync(string purpose, CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(purpose, cancellationToken);
        if (keys.Count > 0)
            return keys;

        // Whether our key or that of another instance was kept does not matter: what the store now has is used by all.
        await CreateAsync(purpose, version: 1, cancellationToken);
        keys = await ReadAsync(purpose, cancellationToken);
        return keys.Count > 0 ? keys : throw NoKey();
    }

    public async Task<bool> CreateAsync(string purpose, int version, CancellationToken cancellationToken)
    {
        using var key = PinnedBytes.Random(Envelope.KeyLength);
        var root = wrap.ActiveRoot;
        var wrapped = await wrap.WrapAsync(root, KeyPlace.OfSystem(environment, purpose, version), key, cancellationToken);
        return await store.TryAddAsync(new SystemKey(purpose, version, root, wrapped), cancellationToken);
    }

    public async Task<DataKey> OpenNewestAsync(string purpose, CancellationToken cancellationToken)
    {
        var keys = await ReadOrCreateAsync(purpose, cancellationToken);
        return await OpenAsync(purpose, keys[0], cancellationToken);
    }

    public async Task<DataKey> OpenAsync(string purpose, int version, CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(purpose, cancellationToken);
        if (keys.Count == 0)
            throw NoKey();

        var key = keys.FirstOrDefault(key => key.Version == version)
            ?? throw new VaultException(VaultError.UnknownKeyVersion, "The version of the system key that sealed this value is gone.");
        return await OpenAsync(purpose, key, cancellationToken);
    }

    public async Task<DataKey> OpenAsync(string purpose, SystemKey key, CancellationToken cancellationToken)
    {
        var place = KeyPlace.OfSystem(environment, purpose, key.Version);
        var bytes = await wrap.UnwrapAsync(key.RootKeyId, place, key.Wrapped, cancellationToken);
        return new DataKey(new Header(key.RootKeyId, key.Version), bytes);
    }

    public async Task<SystemKey> RewrapAsync(SystemKey key, CancellationToken cancellationToken)
    {
        var (root, place) = (wrap.ActiveRoot, KeyPlace.OfSystem(environment, key.Purpose, key.Version));
        return key with { RootKeyId = root, Wrapped = await wrap.RewrapAsync(key.RootKeyId, root, place, key.Wrapped, cancellationToken) };
    }

    private async Task<IReadOnlyList<SystemKey>> ReadAsync(string purpose, CancellationToken cancellationToken)
    {
        var keys = await store.ReadAsync(purpose, cancellationToken);
        return [.. keys.OrderByDescending(key => key.Version)];
    }

    private static VaultException NoKey() => new(VaultError.NoSystemKey, "The key store has no key for this purpose.");
}
