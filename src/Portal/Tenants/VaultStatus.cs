using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>What hangs on a root key.</summary>
/// <param name="Here">It is among the root keys of this process.</param>
public sealed record RootKeyUse(int Id, bool Active, bool Here, long Tenants, long TenantKeys, long SystemKeys);

/// <summary>Openings of an hour that are more than three times the usual.</summary>
/// <param name="TenantId">Null: secrets of the portal itself.</param>
public sealed record UnusualOpening(Guid? TenantId, string Purpose, long Openings, long Usual);

/// <summary>How the vault stands.</summary>
/// <param name="Checked">Wrapped keys that were opened to see whether they open; null: nobody asked.</param>
/// <param name="Unreadable">Those of them that do not, though their random part is there.</param>
/// <param name="Orphans">Those of them whose random part is gone: their tenant's keys were deleted.</param>
public sealed record VaultState(IReadOnlyList<RootKeyUse> Roots, IReadOnlyList<UnusualOpening> Unusual, long? Checked = null, long? Unreadable = null, long? Orphans = null);

/// <summary>Reads how the vault stands: which root keys are needed, what was opened more than usual. No secret, no key.</summary>
public sealed class VaultStatus(Databases databases, Vault.Vault vault, IOptions<VaultOptions> options)
{
    private const int Group = 200;

    /// <param name="check">Opens every wrapped key, and clears it again.</param>
    public async Task<VaultState> RunAsync(bool check, CancellationToken ct)
    {
        var state = new VaultState(await RootsAsync(ct), await UnusualAsync(ct));
        return check ? await CheckAsync(state, ct) : state;
    }

    /// <summary>More than three times the usual in this hour.</summary>
    public async Task<IReadOnlyList<UnusualOpening>> UnusualAsync(CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand("select tenant_id, purpose, openings, usual from infra.unusual_openings($1)");
        command.Parameters.Add(new() { Value = options.Value.UsualOpenings });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var unusual = new List<UnusualOpening>();
        while (await reader.ReadAsync(ct))
            unusual.Add(new(await reader.IsDBNullAsync(0, ct) ? null : reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        return unusual;
    }

    /// <summary>Keys that another root key than this one wraps.</summary>
    internal static async Task<long> LeftAsync(Databases databases, int root, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand(
            "select coalesce(sum(tenant_keys + system_keys), 0)::bigint from infra.key_roots() where root_key_id <> $1");
        command.Parameters.Add(new() { Value = root });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<IReadOnlyList<RootKeyUse>> RootsAsync(CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand("select root_key_id, tenants, tenant_keys, system_keys from infra.key_roots()");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var used = new SortedDictionary<int, RootKeyUse>();
        foreach (var id in vault.Roots)
            used[id] = new(id, id == vault.ActiveRoot, Here: true, 0, 0, 0);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetInt32(0);
            used[id] = new(id, id == vault.ActiveRoot, vault.Roots.Contains(id), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        }
        return [.. used.Values];
    }

    private async Task<VaultState> CheckAsync(VaultState state, CancellationToken ct)
    {
        var rows = new TenantKeyRows(databases);
        long seen = 0, unreadable = 0, orphans = 0;
        await using var connection = await rows.OpenAsync(ct);
        await using var transaction = await TenantKeyRows.BeginAsync(connection, ct);
        WrappedTenantKey? from = null;
        while (await TenantKeyRows.NextAsync(connection, from, Group, ct) is { Count: > 0 } keys)
        {
            var parts = await rows.PartsAsync(keys, ct);
            foreach (var key in keys)
            {
                seen++;
                if (!parts.TryGetValue(key.TenantId, out var part))
                    orphans++;
                else if (!await OpensAsync(() => vault.CheckAsync(key, part, ct)))
                    unreadable++;
            }
            from = keys[^1];
        }
        foreach (var key in await SystemKeyStore.AllAsync(databases, ct))
        {
            seen++;
            if (!await OpensAsync(() => vault.CheckAsync(key, ct)))
                unreadable++;
        }
        return state with { Checked = seen, Unreadable = unreadable, Orphans = orphans };
    }

    private static async Task<bool> OpensAsync(Func<Task> check)
    {
        try
        {
            await check();
            return true;
        }
        catch (VaultException)
        {
            return false;
        }
    }
}
