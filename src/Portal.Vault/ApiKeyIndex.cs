using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>The keyed hash (HMAC-SHA256) of an apikey under one version of the index key: finds an account, tells no apikey.</summary>
public sealed record BlindIndex(int Version, byte[] Hash);

/// <summary>
/// Hashes apikeys. The index keys are the one thing here that is kept in plain between calls: every receipt needs them, of
/// whichever tenant, and they open nothing. A minute is short enough for a new version to reach every instance without a restart.
/// </summary>
internal sealed class ApiKeyIndex(SystemKeys keys, TimeProvider clock)
{
    public const string Purpose = "apikey-index";
    private static readonly TimeSpan _keptFor = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private IReadOnlyList<DataKey> _kept = [];
    private long _readAt;

    public async Task<IReadOnlyList<BlindIndex>> HashAsync(ReadOnlyMemory<byte> apiKey, CancellationToken cancellationToken)
    {
        if (TryHash(apiKey.Span) is { } known)
            return known;

        var readAt = clock.GetTimestamp();
        var fresh = await OpenAllAsync(cancellationToken);
        var hashes = Hash(fresh, apiKey.Span);
        Keep(fresh, readAt);
        return hashes;
    }

    // Under the lock, so that no other call clears the keys while they are used; it takes about a microsecond.
    private List<BlindIndex>? TryHash(ReadOnlySpan<byte> apiKey)
    {
        lock (_gate)
            return _kept.Count > 0 && clock.GetElapsedTime(_readAt) < _keptFor ? Hash(_kept, apiKey) : null;
    }

    private void Keep(IReadOnlyList<DataKey> fresh, long readAt)
    {
        lock (_gate)
        {
            Clear(_kept);
            (_kept, _readAt) = (fresh, readAt);
        }
    }

    private async Task<IReadOnlyList<DataKey>> OpenAllAsync(CancellationToken cancellationToken)
    {
        var opened = new List<DataKey>();
        try
        {
            foreach (var key in await keys.ReadOrCreateAsync(Purpose, cancellationToken))
                opened.Add(await keys.OpenAsync(Purpose, key, cancellationToken));
            return opened;
        }
        catch
        {
            Clear(opened);
            throw;
        }
    }

    private static List<BlindIndex> Hash(IReadOnlyList<DataKey> keys, ReadOnlySpan<byte> apiKey)
    {
        var hashes = new List<BlindIndex>(keys.Count);
        foreach (var key in keys)
            hashes.Add(new BlindIndex(key.Header.KeyVersion, HMACSHA256.HashData(key.Bytes.Span, apiKey)));
        return hashes;
    }

    private static void Clear(IReadOnlyList<DataKey> keys)
    {
        foreach (var key in keys)
            key.Dispose();
    }
}
