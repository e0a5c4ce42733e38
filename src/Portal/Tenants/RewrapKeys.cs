using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>What a rewrap did.</summary>
/// <param name="Root">The active root key, which they now hang on.</param>
/// <param name="TenantKeys">Tenants' keys that went over to it.</param>
/// <param name="SystemKeys">Keys of the portal itself that went over to it.</param>
/// <param name="Failed">Keys that do not open, and were left as they are.</param>
/// <param name="Orphans">Keys whose random part is gone: their tenant's keys were deleted, and nothing opens them.</param>
/// <param name="Left">Keys that still hang on another root key, these included.</param>
public sealed record RewrapReport(int Root, long TenantKeys, long SystemKeys, long Failed, long Orphans, long Left, TimeSpan Took);

/// <summary>
/// Wraps every data key anew under the active root key (design section 5). The data keys stay, and with them every sealed value
/// and the apikey index: sending and receipts go on. In small groups under row locks, each a transaction: one that was killed
/// goes on where it was, and two at once share the work. Each key is opened once more, from the row, before the commit.
/// </summary>
public sealed class RewrapKeys(Databases databases, Vault.Vault vault, TimeProvider clock, ILogger<RewrapKeys> log)
{
    private const int Group = 200;

    /// <exception cref="VaultException">A root key that is needed is not here.</exception>
    public async Task<RewrapReport> RunAsync(CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var rows = new TenantKeyRows(databases);
        var sum = new Sum(0, 0, 0);
        var system = await SystemAsync(ct);
        WrappedTenantKey? from = null;
        while (await GroupAsync(rows, from, sum, ct) is { } group)
            (from, sum) = group;
        var left = await VaultStatus.LeftAsync(databases, vault.ActiveRoot, ct);
        return new(vault.ActiveRoot, sum.Done, system.Done, sum.Failed + system.Failed, sum.Orphans, left, clock.GetElapsedTime(start));
    }

    private async Task<(WrappedTenantKey Last, Sum Sum)?> GroupAsync(TenantKeyRows rows, WrappedTenantKey? from, Sum sum, CancellationToken ct)
    {
        await using var connection = await rows.OpenAsync(ct);
        await using var transaction = await TenantKeyRows.BeginAsync(connection, ct);
        var keys = await TenantKeyRows.LockAsync(connection, vault.ActiveRoot, from, Group, ct);
        if (keys.Count == 0)
            return null;

        var parts = await rows.PartsAsync(keys, ct);
        var again = new List<WrappedTenantKey>();
        foreach (var key in keys)
        {
            if (!parts.TryGetValue(key.TenantId, out var part))
                sum = sum with { Orphans = sum.Orphans + 1 };
            else if (await TryAsync(() => vault.RewrapAsync(key, part, ct), key.TenantId.ToString(), key.Version) is { } rewrapped)
                again.Add(rewrapped);
            else
                sum = sum with { Failed = sum.Failed + 1 };
        }
        foreach (var written in await TenantKeyRows.WriteAsync(connection, again, ct))
            await vault.CheckAsync(written, parts[written.TenantId], ct);
        await transaction.CommitAsync(ct);
        return (keys[^1], sum with { Done = sum.Done + again.Count });
    }

    private async Task<Sum> SystemAsync(CancellationToken ct)
    {
        await using var connection = await databases[DatabaseRole.Dispatch].OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var sum = new Sum(0, 0, 0);
        foreach (var key in await SystemKeyStore.LockAsync(connection, vault.ActiveRoot, ct))
        {
            if (await TryAsync(() => vault.RewrapAsync(key, ct), key.Purpose, key.Version) is not { } again)
            {
                sum = sum with { Failed = sum.Failed + 1 };
                continue;
            }
            await vault.CheckAsync(await SystemKeyStore.ReplaceAsync(connection, again, ct), ct);
            sum = sum with { Done = sum.Done + 1 };
        }
        await transaction.CommitAsync(ct);
        return sum;
    }

    // One damaged row keeps no other key under the old root. A root key that is missing here stops it all.
    private async Task<T?> TryAsync<T>(Func<Task<T>> rewrap, string whose, int version) where T : class
    {
        try
        {
            return await rewrap();
        }
        catch (VaultException e) when (e.Error is VaultError.Tampered or VaultError.NotThisFormat or VaultError.UnknownKeyVersion)
        {
            VaultLog.NotRewrapped(log, whose, version, e.Error);
            return null;
        }
    }

    private sealed record Sum(long Done, long Failed, long Orphans);
}
