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

/// <summary>What a key pair is opened for.</summary>
public enum KeyPairPurpose
{
    /// <summary>To sign messages.</summary>
    Sign,

    /// <summary>To try it again by a call that sends nothing.</summary>
    Check,

    /// <summary>To enter it into the index, proven by a message.</summary>
    Proof,
}

/// <summary>Opens key pairs for signing, as the dispatch role: no other role can read the sealed bytes.</summary>
public sealed class AccountKeys(PortalDbFactory dbs, Vault.Vault vault, AllowedHosts hosts)
{
    /// <summary>Opens one pair of an account; null when there is none that fits.</summary>
    /// <param name="version">Null: the newest that is proven and not held.</param>
    /// <param name="purpose">What for: openings are counted by it.</param>
    /// <exception cref="VaultException">It does not open: the row was moved, or the account's origin changed behind the portal's back.</exception>
    /// <exception cref="HostNotAllowedException">No operator lets the tenant's accounts call this host, or not any more: nothing is opened.</exception>
    public async Task<OpenedKeyPair?> OpenAsync(TenantScope scope, Guid accountId, int? version, KeyPairPurpose purpose, CancellationToken ct)
    {
        try
        {
            return await OpenOnceAsync(scope, accountId, version, purpose, ct);
        }
        catch (VaultException e) when (e.Error == VaultError.UnknownKeyVersion)
        {
            // It was sealed anew under a newer key between the two reads.
            return await OpenOnceAsync(scope, accountId, version, purpose, ct);
        }
    }

    private async Task<OpenedKeyPair?> OpenOnceAsync(TenantScope scope, Guid accountId, int? version, KeyPairPurpose purpose, CancellationToken ct)
    {
        if (await ReadAsync(scope, accountId, version, ct) is not { } found)
            return null;

        var address = new Uri(found.BaseAddress);
        await hosts.DemandAsync(scope, address, ct);
        var word = Words.Of(purpose);
        using var apiKey = await vault.OpenAsync(ApiKeyField(scope.TenantId, accountId, found.Secret.Version, address), found.Secret.ApiKey, word, ct);
        using var secret = await vault.OpenAsync(SecretField(scope.TenantId, accountId, found.Secret.Version, address), found.Secret.Secret, word, ct);
        var pair = new KeyPair(apiKey.Bytes.ToArray(), secret.Bytes.ToArray());
        return new OpenedKeyPair(pair, found.Secret.Version, address);
    }

    /// <summary>Seals both halves of a pair anew under the tenant's newest key, in their places; false when it sealed them already.</summary>
    internal async Task<bool> ResealAsync(AccountSecret secret, string baseAddress, CancellationToken ct)
    {
        var address = new Uri(baseAddress);
        var apiKey = await vault.ResealAsync(ApiKeyField(secret.TenantId, secret.AccountId, secret.Version, address), secret.ApiKey, ct);
        var other = await vault.ResealAsync(SecretField(secret.TenantId, secret.AccountId, secret.Version, address), secret.Secret, ct);
        secret.ApiKey = apiKey ?? secret.ApiKey;
        secret.Secret = other ?? secret.Secret;
        return apiKey is not null || other is not null;
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
