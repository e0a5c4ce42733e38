using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Vault;

/// <summary>Which key is wrapped: what its wrapping key is derived from, and what the wrapped bytes are bound to.</summary>
internal sealed record KeyPlace(int Version, ReadOnlyMemory<byte> Salt, string Info, Binding Binding)
{
    public static KeyPlace OfTenant(string environment, Guid tenantId, int version, byte[] randomPart)
    {
        var info = $"portal/v1/tenant-key|{environment}|{tenantId:D}";
        return new(version, randomPart, info, new Binding(environment, "tenant_key").With(tenantId));
    }

    public static KeyPlace OfSystem(string environment, string purpose, int version)
    {
        var info = string.Create(CultureInfo.InvariantCulture, $"portal/v1/system-key|{environment}|{purpose}|{version}");
        return new(version, ReadOnlyMemory<byte>.Empty, info, new Binding(environment, "system_key").With(purpose));
    }
}

/// <summary>Wraps data keys under keys derived from a root key. No key outlives the call, but the one that is returned.</summary>
internal sealed class KeyWrap(IRootKeys roots)
{
    public int ActiveRoot => roots.ActiveId;

    public async Task<byte[]> WrapAsync(int rootId, KeyPlace place, PinnedBytes key, CancellationToken cancellationToken)
    {
        using var wrapping = await DeriveAsync(rootId, place, cancellationToken);
        return Envelope.Seal(wrapping.Span, new Header(rootId, place.Version), place.Binding, key.Span);
    }

    public async Task<PinnedBytes> UnwrapAsync(int rootId, KeyPlace place, byte[] wrapped, CancellationToken cancellationToken)
    {
        // The columns beside a wrapped key serve queries; the bytes decide, and a row that disagrees was written by others.
        if (Header.Read(wrapped) != new Header(rootId, place.Version) || wrapped.Length != Envelope.Overhead + Envelope.KeyLength)
            throw VaultException.Tampered();

        using var wrapping = await DeriveAsync(rootId, place, cancellationToken);
        return Envelope.Open(wrapping.Span, wrapped, place.Binding);
    }

    /// <summary>Wraps the same key under the active root key, and opens what it wrapped once more: what is answered opens.</summary>
    public async Task<byte[]> RewrapAsync(int rootId, int newRootId, KeyPlace place, byte[] wrapped, CancellationToken cancellationToken)
    {
        using var key = await UnwrapAsync(rootId, place, wrapped, cancellationToken);
        var again = await WrapAsync(newRootId, place, key, cancellationToken);
        await ProveAsync(newRootId, place, again, key, cancellationToken);
        return again;
    }

    private async Task ProveAsync(int rootId, KeyPlace place, byte[] wrapped, PinnedBytes key, CancellationToken cancellationToken)
    {
        using var opened = await UnwrapAsync(rootId, place, wrapped, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(opened.Span, key.Span))
            throw VaultException.Tampered();
    }

    private async Task<PinnedBytes> DeriveAsync(int rootId, KeyPlace place, CancellationToken cancellationToken)
    {
        var key = new PinnedBytes(Envelope.KeyLength);
        await roots.DeriveKeyAsync(rootId, place.Salt, Encoding.UTF8.GetBytes(place.Info), key.Memory, cancellationToken);
        return key;
    }
}
