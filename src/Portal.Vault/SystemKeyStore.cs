namespace Portal.Vault;

/// <summary>A key that is no tenant's, wrapped. <see cref="Version"/> counts from 1.</summary>
/// <param name="Purpose">What the key is for: one key, one purpose.</param>
public sealed record SystemKey(string Purpose, int Version, int RootKeyId, byte[] Wrapped);

/// <summary>Where the wrapped system keys are kept.</summary>
public interface ISystemKeyStore
{
    /// <summary>Every live version of a purpose's key, in any order.</summary>
    Task<IReadOnlyList<SystemKey>> ReadAsync(string purpose, CancellationToken cancellationToken);

    /// <summary>Keeps a key, committed on return; false (and nothing changed) when that purpose has that version already.</summary>
    Task<bool> TryAddAsync(SystemKey key, CancellationToken cancellationToken);
}
