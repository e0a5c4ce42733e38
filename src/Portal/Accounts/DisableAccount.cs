using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>Takes an account out of use: it sends nothing until it is enabled. Receipts still reach it.</summary>
public sealed class DisableAccount(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        if (account.State == AccountState.Disabled)
            return accountId;

        account.State = AccountState.Disabled;
        account.StoppedCode = null;
        account.StoppedAt = null;
        account.MissingAddress = null;
        db.Add(member.Did(AuditActions.AccountChanged, accountId, clock.GetUtcNow(), "state", "", "disabled"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }
}
