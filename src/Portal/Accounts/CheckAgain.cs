using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;
using Portal.Vault;

namespace Portal.Accounts;

/// <summary>What a repeated check showed.</summary>
/// <param name="Code">The provider's code, or the word for why there is none.</param>
/// <param name="Passed">Nothing stands in the way of sending.</param>
/// <param name="ClockOffset">The provider's clock minus ours, when it said its time.</param>
/// <param name="MissingAddress">The address of ours that is missing on the whitelist, after a 204, where known.</param>
public sealed record CheckOutcome(string Code, bool Passed, TimeSpan? ClockOffset, string? MissingAddress = null);

/// <summary>Tries the newest key pair again. When that passes, an account that the provider's codes had stopped goes on.</summary>
public sealed class CheckAgain(PortalDbFactory dbs, AccountKeys keys, ProveKeyPair prove, LiveFeed live)
{
    public async Task<Result<CheckOutcome>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        if (await NewestAsync(member, accountId, ct) is not { } newest)
            return new Problem("", "account_gone");
        try
        {
            using var opened = await keys.OpenAsync(member.Scope, accountId, newest.Version, KeyPairPurpose.Check, ct);
            return opened is null ? new Problem("", "account_gone") : await CheckAsync(member, accountId, newest, opened, ct);
        }
        catch (HostNotAllowedException)
        {
            return new Problem("", "host_not_allowed_now");
        }
        catch (VaultException e) when (e.Error is not (VaultError.UnknownRootKey or VaultError.BadRootKeys or VaultError.RootKeysExposed))
        {
            return new Problem("", "key_pair_unreadable");
        }
    }

    private async Task<Result<CheckOutcome>> CheckAsync(Member member, Guid accountId, Newest newest, OpenedKeyPair opened, CancellationToken ct)
    {
        var proof = await prove.AskAsync(accountId, opened.BaseAddress, newest.Kind, opened.Pair, ct);
        await RecordAsync(member, accountId, newest.Version, proof, ct);
        live.Publish(member.TenantId, accountId);
        return new CheckOutcome(proof.Code, proof.Passed, proof.Answer.ClockOffset, proof.MissingAddress);
    }

    private async Task RecordAsync(Member member, Guid accountId, int version, Proof proof, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await db.LockAsync(accountId, ct) ?? throw new InvalidOperationException("An account is never deleted.");
        var key = await db.Set<AccountKey>().SingleAsync(k => k.AccountId == accountId && k.Version == version, ct);
        await ProveKeyPair.RecordAsync(db, account, key, proof, member.UserId, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<Newest?> NewestAsync(Member member, Guid accountId, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        var pairs =
            from key in db.Set<AccountKey>()
            join account in db.Set<Account>() on key.AccountId equals account.Id
            where account.Id == accountId
            orderby key.Version descending
            select new Newest(account.Kind, key.Version);
        return await pairs.FirstOrDefaultAsync(ct);
    }

    private sealed record Newest(AccountKind Kind, int Version);
}
