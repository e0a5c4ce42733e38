using System.Globalization;
using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>
/// Root keys from a file, or from a text such as an environment variable. One line a key, <c>id:base64 of 32 bytes</c>; the
/// highest id is active unless a line says <c>active id</c>; a line that starts with <c>#</c> is a comment.
/// </summary>
/// <remarks>
/// A file is read again when a key is asked for that it did not have: a new root key reaches every instance without a restart,
/// before or while the wrapped keys go over to it.
/// </remarks>
public sealed class FileRootKeys : IRootKeys
{
    private readonly string? _path;
    private volatile RootKeySet _set;

    private FileRootKeys(RootKeySet set, string? path, bool created)
    {
        _set = set;
        _path = path;
        Created = created;
    }

    /// <inheritdoc/>
    public int ActiveId => _set.ActiveId;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> Ids => [.. _set.Keys.Keys];

    /// <summary>True when <see cref="LoadOrCreate"/> has just made the file: a development run says so.</summary>
    public bool Created { get; }

    /// <summary>Reads the file at <paramref name="path"/>, which nobody but its owner may be able to read (0600 or 0400).</summary>
    /// <exception cref="VaultException">
    /// <see cref="VaultError.RootKeysExposed"/> when the file's mode lets others in, <see cref="VaultError.BadRootKeys"/> when it
    /// is missing, unreadable or not in this format.
    /// </exception>
    public static FileRootKeys Load(string path) => new(RootKeyFile.Read(path), path, created: false);

    /// <summary>
    /// Reads the file, or makes one with one new key and mode 0600. For development only: in production a missing file is a
    /// mistake that must stop the start. When two processes do it at once, both end up with the same file.
    /// </summary>
    /// <exception cref="VaultException">As <see cref="Load"/>.</exception>
    public static FileRootKeys LoadOrCreate(string path)
    {
        var created = !File.Exists(path) && RootKeyFile.TryCreate(path);
        return new(RootKeyFile.Read(path), path, created);
    }

    /// <summary>Reads the keys from a text; <c>;</c> also ends a line, since an environment variable seldom has several.</summary>
    /// <exception cref="VaultException"><see cref="VaultError.BadRootKeys"/>.</exception>
    public static FileRootKeys Parse(string text) => new(RootKeySet.Read(text, "\n;", "The root key setting"), path: null, created: false);

    /// <inheritdoc/>
    public ValueTask DeriveKeyAsync(
        int rootId,
        ReadOnlyMemory<byte> salt,
        ReadOnlyMemory<byte> info,
        Memory<byte> key,
        CancellationToken cancellationToken)
    {
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Find(rootId).Span, key.Span, salt.Span, info.Span);
        return ValueTask.CompletedTask;
    }

    private PinnedBytes Find(int rootId)
    {
        // The older set is not cleared: another call may be deriving from it, and the newer one has most of its keys anyway.
        if (!_set.Keys.ContainsKey(rootId) && _path is not null)
            _set = RootKeyFile.Read(_path);
        if (_set.Keys.TryGetValue(rootId, out var root))
            return root;
        var id = rootId.ToString(CultureInfo.InvariantCulture);
        throw new VaultException(VaultError.UnknownRootKey, $"There is no root key {id} here. Add it to the root keys.");
    }
}
