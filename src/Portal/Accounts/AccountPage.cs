using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>What a key pair does at the moment.</summary>
public enum KeyPairUse
{
    /// <summary>Signs requests.</summary>
    Signs,

    /// <summary>Replaced; receipts that carry its apikey still find the account.</summary>
    Replaced,

    /// <summary>Not proven, or held: the two are not told apart. Sends nothing and receives nothing.</summary>
    Waits,
}

/// <summary>All of a key pair that is ever shown.</summary>
public sealed record KeyPairView(int Version, string ApiKeyLast4, DateTimeOffset SetAt, string SetByName, DateTimeOffset? ProvenAt, KeyPairUse Use);

/// <summary>All that an account's page shows.</summary>
/// <param name="KeyPairs">Newest first.</param>
/// <param name="NoHalving">A receipt named a number of a refused request.</param>
/// <param name="ClockOffset">The provider's clock minus ours, in seconds, when it last said its time.</param>
public sealed record AccountView(
    Guid Id, string BaseAddress, AccountKind Kind, AccountSettings Settings, AccountState State, string? StoppedCode, DateTimeOffset? StoppedAt,
    string? MissingAddress, DateTimeOffset? CheckedAt, string? CheckedCode, IReadOnlyList<KeyPairView> KeyPairs,
    bool NoHalving = false, int? ClockOffset = null)
{
    public string Host => new Uri(BaseAddress).Authority;

    /// <summary>Only a passing check lets it go on; otherwise a person's word is enough.</summary>
    public bool EndsByCheck => AccountStates.EndsByCheck(StoppedCode);

    /// <summary>The last answer shows that the provider let us in, knew the apikey and took our signature and time.</summary>
    public bool CheckProves => Proof.Proves(new ProviderAnswer { Kind = AnswerKind.Refused, Code = CheckedCode });
}

/// <summary>Reads one account for its page.</summary>
public sealed class AccountPage(PortalDbFactory dbs)
{
    /// <returns>Null when the tenant has no such account.</returns>
    public async Task<AccountView?> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        if (await db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, ct) is not { } a)
            return null;
        var keys = await db.Set<AccountKey>().AsNoTracking().Where(k => k.AccountId == accountId).OrderByDescending(k => k.Version).ToListAsync(ct);
        return new AccountView(
            a.Id, a.BaseAddress, a.Kind, AccountSettings.Of(a), a.State, a.StoppedCode, a.StoppedAt, a.MissingAddress, a.CheckedAt, a.CheckedCode, Show(keys),
            NoHalving: a.NoHalving, ClockOffset: a.ClockOffset);
    }

    private static IReadOnlyList<KeyPairView> Show(List<AccountKey> keys)
    {
        var signing = keys.Find(Works)?.Version;
        return [.. keys.Select(k => new KeyPairView(
            k.Version, k.ApiKeyLast4, k.SetAt, k.SetByName, Works(k) ? k.ProvenAt : null,
            k.Version == signing ? KeyPairUse.Signs : Works(k) ? KeyPairUse.Replaced : KeyPairUse.Waits))];
    }

    private static bool Works(AccountKey key) => key.ProvenAt is not null && !key.Held;
}
