using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>
/// Lets an account go on that a person disabled, or that the portal itself stopped (many sendings in doubt). What the provider
/// refused is ended by <see cref="CheckAgain"/> only.
/// </summary>
public sealed class EnableAccount(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        if (account.State == AccountState.Active)
            return accountId;
        if (account.State == AccountState.Stopped && AccountStates.EndsByCheck(account.StoppedCode))
            return new Problem("", "check_first");

        var signs = await db.Set<AccountKey>().AnyAsync(k => k.AccountId == accountId && k.ProvenAt != null && !k.Held, ct);
        var now = clock.GetUtcNow();
        var action = signs ? AccountStates.Resume(account) : AccountStates.Stop(account, AccountStates.Unproven, missingAddress: null, now);
        db.Add(member.Did(action!, accountId, now, account.StoppedCode ?? "enabled"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }
}
