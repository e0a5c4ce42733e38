using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Vault;

namespace Portal.Accounts;

/// <summary>A key pair in plain, for one request: dispose it at once after signing, which zeroes it.</summary>
public sealed class OpenedKeyPair(KeyPair pair, int version, Uri baseAddress) : IDisposable
{
    public KeyPair Pair => pair;

    /// <summary>Which of the account's pairs it is.</summary>
    public int Version => version;

    /// <summary>The base address that the pair was opened for. Sign for this one and no other.</summary>
    public Uri BaseAddress => baseAddress;

    public void Dispose() => pair.Dispose();

    /// <summary>Never the pair: it may end in a log.</summary>
    public override string ToString() => "***";
}

/// <summary>Opens key pairs for signing, as the dispatch role: no other role can read the sealed bytes.</summary>
public sealed class AccountKeys(PortalDbFactory dbs, Vault.Vault vault)
{
    /// <summary>Opens one pair of an account; null when there is none that fits.</summary>
    /// <param name="version">Null: the newest that is proven and not held.</param>
    /// <exception cref="VaultException">It does not open: the row was moved, or the account's origin changed behind the portal's back.</exception>
    public async Task<OpenedKeyPair?> OpenAsync(TenantScope scope, Guid accountId, int? version, CancellationToken ct)
    {
        if (await ReadAsync(scope, accountId, version, ct) is not { } found)
            return null;

        var address = new Uri(found.BaseAddress);
        using var apiKey = await vault.OpenAsync(ApiKeyField(scope.TenantId, accountId, found.Secret.Version, address), found.Secret.ApiKey, ct);
        using var secret = await vault.OpenAsync(SecretField(scope.TenantId, accountId, found.Secret.Version, address), found.Secret.Secret, ct);
        var pair = new KeyPair(apiKey.Bytes.ToArray(), secret.Bytes.ToArray());
        return new OpenedKeyPair(pair, found.Secret.Version, address);
    }

    /// <summary>Seals a pair for the place where it will stand. The tenant's key is made with its first pair, if it was not before.</summary>
    internal async Task<AccountSecret> SealAsync(Guid tenantId, Guid accountId, int version, Uri address, KeyPair pair, CancellationToken ct)
    {
        await vault.CreateTenantKeyAsync(tenantId, ct);
        return new AccountSecret
        {
            TenantId = tenantId,
            AccountId = accountId,
            Version = version,
            ApiKey = await SealAsync(ApiKeyField(tenantId, accountId, version, address), pair.ApiKey.ToArray(), ct),
            Secret = await SealAsync(SecretField(tenantId, accountId, version, address), pair.Secret.ToArray(), ct),
        };
    }

    private async Task<byte[]> SealAsync(VaultField field, byte[] plain, CancellationToken ct)
    {
        try
        {
            return await vault.SealAsync(field, plain, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static VaultField ApiKeyField(Guid tenantId, Guid accountId, int version, Uri address) => Field("api_key", tenantId, accountId, version, address);

    private static VaultField SecretField(Guid tenantId, Guid accountId, int version, Uri address) => Field("secret", tenantId, accountId, version, address);

    // A row has many versions: the version stands with the column, so that an older pair cannot be put in a newer one's place.
    private static VaultField Field(string column, Guid tenantId, Guid accountId, int version, Uri address) =>
        new(tenantId, "account_secrets", string.Create(CultureInfo.InvariantCulture, $"{column}.{version}"), accountId, VaultOrigin.Of(address));

    private async Task<Found?> ReadAsync(TenantScope scope, Guid accountId, int? version, CancellationToken ct)
    {
        await using var db = dbs.Create(scope, DatabaseRole.Dispatch);
        var pairs =
            from account in db.Set<Account>()
            join key in db.Set<AccountKey>() on account.Id equals key.AccountId
            join secret in db.Set<AccountSecret>() on new { key.AccountId, key.Version } equals new { secret.AccountId, secret.Version }
            where account.Id == accountId && (version == null ? key.ProvenAt != null && !key.Held : key.Version == version)
            orderby key.Version descending
            select new Found(account.BaseAddress, secret);
        return await pairs.AsNoTracking().FirstOrDefaultAsync(ct);
    }

    private sealed record Found(string BaseAddress, AccountSecret Secret);
}
