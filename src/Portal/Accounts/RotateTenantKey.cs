using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Accounts;

/// <summary>What a change of a tenant's data key did.</summary>
/// <param name="Version">The version that seals now.</param>
/// <param name="Resealed">Key pairs that were sealed anew.</param>
/// <param name="Failed">Key pairs that do not open, and were left as they are.</param>
/// <param name="OlderVersions">Versions that are kept, because a value needs them or may still be on its way to its row.</param>
public sealed record TenantKeyRotation(int Version, int Resealed, int Failed, int OlderVersions);

/// <summary>
/// Gives a tenant a new data key and seals its key pairs anew under it, in small groups under row locks: one that was cut off
/// is done by the next. Sending goes on meanwhile. An older version goes when nothing needs it, and no sooner than an hour after
/// the newer one came.
/// </summary>
public sealed class RotateTenantKey(PortalDbFactory dbs, Databases databases, AccountKeys keys, Vault.Vault vault)
{
    private const int Group = 50;

    // A key version stands in bytes 6 to 9 of every sealed value (docs/vault.md).
    private const string Retire = """
        with newest as (select max(version) as version from app.tenant_keys where tenant_id = $1)
        delete from app.tenant_keys k using newest n
        where k.tenant_id = $1 and k.version < n.version
          and (select j.created_at from app.tenant_keys j where j.tenant_id = $1 and j.version = n.version) < clock_timestamp() - interval '1 hour'
          and not exists (select from app.account_secrets s where s.tenant_id = $1
                          and decode(lpad(to_hex(k.version), 8, '0'), 'hex') in (substring(s.api_key from 6 for 4), substring(s.secret from 6 for 4)))
        """;

    /// <exception cref="VaultException">The tenant has no key, or it does not open here.</exception>
    public async Task<TenantKeyRotation> RunAsync(Guid tenantId, CancellationToken ct)
    {
        var version = await vault.AddTenantKeyVersionAsync(tenantId, ct);
        var scope = new TenantScope(tenantId);
        var (resealed, failed, from) = (0, 0, new Place(Guid.Empty, 0));
        while (await GroupAsync(scope, from, ct) is { } group)
            (resealed, failed, from) = (resealed + group.Done, failed + group.Failed, group.Last);
        await RetireAsync(scope, ct);
        return new(version, resealed, failed, await OlderAsync(scope, ct));
    }

    /// <summary>Deletes the versions of a tenant's key that nothing needs any more; answers how many.</summary>
    public async Task<int> RetireAsync(TenantScope scope, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var command = new NpgsqlCommand(Retire, connection) { Parameters = { new() { Value = scope.TenantId } } };
        return await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<Sealed?> GroupAsync(TenantScope scope, Place from, CancellationToken ct)
    {
        await using var db = dbs.Create(scope, DatabaseRole.Dispatch);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var secrets = await db.Set<AccountSecret>().FromSql($"""
            select * from app.account_secrets where tenant_id = {scope.TenantId} and (account_id, version) > ({from.AccountId}, {from.Version})
            order by account_id, version limit {Group} for update
            """).ToListAsync(ct);
        if (secrets.Count == 0)
            return null;
        var ids = secrets.Select(s => s.AccountId).Distinct().ToArray();
        var addresses = await db.Set<Account>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.BaseAddress, ct);
        var (done, failed) = (0, 0);
        foreach (var secret in secrets)
        {
            try
            {
                done += await keys.ResealAsync(secret, addresses[secret.AccountId], ct) ? 1 : 0;
            }
            catch (VaultException e) when (e.Error is VaultError.Tampered or VaultError.NotThisFormat or VaultError.UnknownKeyVersion)
            {
                failed++;
            }
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new(new(secrets[^1].AccountId, secrets[^1].Version), done, failed);
    }

    private async Task<int> OlderAsync(TenantScope scope, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var command = new NpgsqlCommand("select count(*)::int - 1 from app.tenant_keys where tenant_id = $1", connection) { Parameters = { new() { Value = scope.TenantId } } };
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private sealed record Place(Guid AccountId, int Version);

    private sealed record Sealed(Place Last, int Done, int Failed);
}
