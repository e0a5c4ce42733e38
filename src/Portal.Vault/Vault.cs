using System.Buffers;
using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>
/// Seals and opens secrets (design section 5). Keeps no secret and no data key between calls: unwrapping and opening takes
/// some ten microseconds. Safe to be used by many at once; one for the process.
/// </summary>
/// <param name="environment">The deployment's name (letters, digits, '.', '-', '_'): values of another one do not open.</param>
/// <param name="openings">Counts every opening.</param>
/// <param name="clock">The system's clock when null.</param>
public sealed class Vault(
    IRootKeys roots,
    ITenantKeyStore tenants,
    ISystemKeyStore systems,
    string environment,
    VaultOpenings openings,
    TimeProvider? clock = null)
{
    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private readonly string _environment = Name(environment, nameof(environment));
    private readonly TenantKeys _tenantKeys = new(new KeyWrap(roots), tenants, environment);
    private readonly SystemKeys _systemKeys = new(new KeyWrap(roots), systems, environment);
    private readonly ApiKeyIndex _index = new(new SystemKeys(new KeyWrap(roots), systems, environment), clock ?? TimeProvider.System);

    /// <summary>Makes a tenant's first key. Nothing happens when it has one, so the call can be repeated.</summary>
    public async Task CreateTenantKeyAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, version: null, cancellationToken) is null)
            await _tenantKeys.CreateAsync(tenantId, version: 1, cancellationToken);
    }

    /// <summary>The root key that everything new is wrapped under.</summary>
    public int ActiveRoot => roots.ActiveId;

    /// <summary>The root keys that can be used here.</summary>
    public IReadOnlyCollection<int> Roots => roots.Ids;

    /// <summary>
    /// Makes a further version of a tenant's key and answers it: from now on it seals. Values of the older versions open as long
    /// as these are kept.
    /// </summary>
    /// <exception cref="VaultException">The tenant has no key.</exception>
    public async Task<int> AddTenantKeyVersionAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var newest = await tenants.ReadAsync(tenantId, version: null, cancellationToken) ?? throw TenantKeys.NoKey();
        await _tenantKeys.CreateAsync(tenantId, newest.Version + 1, cancellationToken);
        return newest.Version + 1;
    }

    /// <summary>
    /// Seals a value anew, in the same place, under the newest version of the tenant's key; null when that one sealed it already.
    /// </summary>
    /// <exception cref="VaultException">As <see cref="OpenAsync"/>.</exception>
    public async Task<byte[]?> ResealAsync(VaultField field, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        var newest = await tenants.ReadAsync(field.TenantId, version: null, cancellationToken) ?? throw TenantKeys.NoKey();
        if (VersionOf(blob.Span) == newest.Version)
            return null;
        using var opened = await OpenAsync(field, blob, "reseal", cancellationToken);
        return await SealAsync(field, opened.Bytes, cancellationToken);
    }

    /// <summary>Which version of the key sealed a value: what stands in its header, not yet authenticated.</summary>
    public static int VersionOf(ReadOnlySpan<byte> blob) => Header.Read(blob).KeyVersion;

    /// <summary>
    /// A tenant's key wrapped under the active root key, opened once more before it is answered. The key itself stays, and with
    /// it every value that it sealed.
    /// </summary>
    /// <exception cref="VaultException">It does not open here.</exception>
    public Task<WrappedTenantKey> RewrapAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken) =>
        _tenantKeys.RewrapAsync(key, randomPart, cancellationToken);

    /// <summary>As <see cref="RewrapAsync(WrappedTenantKey, byte[], CancellationToken)"/>, for a key of the system.</summary>
    /// <exception cref="VaultException">It does not open here.</exception>
    public Task<SystemKey> RewrapAsync(SystemKey key, CancellationToken cancellationToken) => _systemKeys.RewrapAsync(key, cancellationToken);

    /// <summary>Opens a tenant's key, and clears it again.</summary>
    /// <exception cref="VaultException">It does not open here.</exception>
    public Task CheckAsync(WrappedTenantKey key, byte[] randomPart, CancellationToken cancellationToken) =>
        _tenantKeys.CheckAsync(key, randomPart, cancellationToken);

    /// <summary>Opens a key of the system, and clears it again.</summary>
    /// <exception cref="VaultException">It does not open here.</exception>
    public async Task CheckAsync(SystemKey key, CancellationToken cancellationToken)
    {
        using var opened = await _systemKeys.OpenAsync(key.Purpose, key, cancellationToken);
    }

    /// <summary>Deletes a tenant's keys: nothing that was sealed for it opens again.</summary>
    public Task DeleteTenantAsync(Guid tenantId, CancellationToken cancellationToken) =>
        tenants.DeleteAsync(tenantId, cancellationToken);

    /// <summary>Seals a value for its place, under the newest version of the tenant's key.</summary>
    /// <exception cref="VaultException">No key, no root key, or a key that does not open.</exception>
    public async Task<byte[]> SealAsync(VaultField field, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var binding = field.Bind(_environment);
        using var key = await _tenantKeys.OpenAsync(field.TenantId, version: null, cancellationToken);
        return Envelope.Seal(key.Bytes.Span, key.Header, binding, plain.Span);
    }

    /// <summary>Opens a value in its place, whichever version of the tenant's key sealed it.</summary>
    /// <param name="purpose">What it is opened for: openings are counted by it, and by the tenant.</param>
    /// <exception cref="VaultException">It does not open; <see cref="VaultException.Error"/> says why, as far as it may.</exception>
    public async Task<OpenedSecret> OpenAsync(VaultField field, ReadOnlyMemory<byte> blob, string purpose, CancellationToken cancellationToken)
    {
        // Before it is tried: what does not open is what one wants to know of.
        openings.Count(field.TenantId, purpose);
        var binding = field.Bind(_environment);
        var version = Header.Read(blob.Span).KeyVersion;
        using var key = await _tenantKeys.OpenAsync(field.TenantId, version, cancellationToken);
        return new OpenedSecret(Envelope.Open(key.Bytes.Span, blob.Span, binding));
    }

    /// <summary>Seals a value that is no tenant's, under the newest key of its purpose; makes the first key when there is none.</summary>
    /// <exception cref="VaultException">As <see cref="SealAsync"/>.</exception>
    public async Task<byte[]> SealSystemAsync(string purpose, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var binding = SystemBinding(purpose);
        using var key = await _systemKeys.OpenNewestAsync(purpose, cancellationToken);
        return Envelope.Seal(key.Bytes.Span, key.Header, binding, plain.Span);
    }

    /// <summary>Opens a value that is no tenant's.</summary>
    /// <exception cref="VaultException">As <see cref="OpenAsync"/>.</exception>
    public async Task<OpenedSecret> OpenSystemAsync(string purpose, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        openings.Count(null, purpose);
        var binding = SystemBinding(purpose);
        var version = Header.Read(blob.Span).KeyVersion;
        using var key = await _systemKeys.OpenAsync(purpose, version, cancellationToken);
        return new OpenedSecret(Envelope.Open(key.Bytes.Span, blob.Span, binding));
    }

    /// <summary>Seals many values that are no tenant's; the key is opened once.</summary>
    /// <exception cref="VaultException">As <see cref="SealAsync"/>.</exception>
    public async Task<IReadOnlyList<byte[]>> SealSystemAsync(string purpose, IReadOnlyList<byte[]> plain, CancellationToken cancellationToken)
    {
        if (plain.Count == 0)
            return [];
        var binding = SystemBinding(purpose);
        using var key = await _systemKeys.OpenNewestAsync(purpose, cancellationToken);
        using var cipher = Envelope.Cipher(key.Bytes.Span);
        return [.. plain.Select(p => Envelope.Seal(cipher, key.Header, binding, p))];
    }

    /// <summary>Opens many values that are no tenant's; null stands for one that does not open.</summary>
    /// <exception cref="VaultException">A root key is missing, or a key does not open.</exception>
    public async Task<IReadOnlyList<byte[]?>> OpenSystemAsync(string purpose, IReadOnlyList<byte[]> blobs, CancellationToken cancellationToken)
    {
        openings.Count(null, purpose, blobs.Count);
        var binding = SystemBinding(purpose);
        var ciphers = new Dictionary<int, AesGcm>();
        try
        {
            var opened = new byte[]?[blobs.Count];
            for (var i = 0; i < blobs.Count; i++)
                opened[i] = await OpenSystemAsync(purpose, blobs[i], binding, ciphers, cancellationToken);
            return opened;
        }
        finally
        {
            foreach (var cipher in ciphers.Values)
                cipher.Dispose();
        }
    }

    /// <summary>
    /// The hashes by which the account of an apikey is found: one for each live version of the index key, newest first. Store
    /// all of them with the account; look up with all of them.
    /// </summary>
    /// <exception cref="VaultException">The index key does not open here.</exception>
    public Task<IReadOnlyList<BlindIndex>> IndexAsync(ReadOnlyMemory<byte> apiKey, CancellationToken cancellationToken) =>
        _index.HashAsync(apiKey, cancellationToken);

    private async ValueTask<byte[]?> OpenSystemAsync(string purpose, byte[] blob, Binding binding, Dictionary<int, AesGcm> ciphers, CancellationToken cancellationToken)
    {
        try
        {
            var version = Header.Read(blob).KeyVersion;
            if (!ciphers.TryGetValue(version, out var cipher))
            {
                using var key = await _systemKeys.OpenAsync(purpose, version, cancellationToken);
                ciphers[version] = cipher = Envelope.Cipher(key.Bytes.Span);
            }
            var plain = new byte[blob.Length - Envelope.Overhead];
            Envelope.Open(cipher, blob, binding, plain);
            return plain;
        }
        catch (VaultException e) when (e.Error is VaultError.Tampered or VaultError.NotThisFormat or VaultError.UnknownKeyVersion)
        {
            return null;
        }
    }

    private Binding SystemBinding(string purpose) =>
        purpose != ApiKeyIndex.Purpose
            ? new Binding(_environment, "system").With(Name(purpose, nameof(purpose)))
            : throw new ArgumentException("The index key hashes apikeys and seals nothing: one key, one purpose.", nameof(purpose));

    // Names stand between bars in the info of a derived key: a bar in one would make two different lists look the same.
    private static string Name(string name, string parameter) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(_nameCharacters)
            ? name
            : throw new ArgumentException("A name has letters, digits, '.', '-' and '_' only.", parameter);
}
