namespace Portal.Vault;

/// <summary>
/// The root keys, kept outside the database and its backups (design section 5). They never leave this interface: it only
/// derives other keys from them, so that a key service can stand behind it as well as a file.
/// </summary>
public interface IRootKeys
{
    /// <summary>The root key (1 to 65535) that everything new is wrapped under.</summary>
    int ActiveId { get; }

    /// <summary>The root keys that can be used here.</summary>
    IReadOnlyCollection<int> Ids { get; }

    /// <summary>
    /// Fills <paramref name="key"/> (32 bytes) with a key that only the root key <paramref name="rootId"/>, this salt and this
    /// info can produce, the same at every call. The salt may be empty.
    /// </summary>
    /// <exception cref="VaultException"><see cref="VaultError.UnknownRootKey"/>.</exception>
    ValueTask DeriveKeyAsync(
        int rootId,
        ReadOnlyMemory<byte> salt,
        ReadOnlyMemory<byte> info,
        Memory<byte> key,
        CancellationToken cancellationToken);
}
