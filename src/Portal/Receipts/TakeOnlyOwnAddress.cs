using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>
/// Says whether receipts of an account are taken over its own address only (role Manager). What came before is taken as it was;
/// what was parked meanwhile is matched again once it is off. <c>account_gone</c>, <c>no_own_address</c>.
/// </summary>
public sealed class TakeOnlyOwnAddress(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, bool only, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        if (account.TokenOnlySince is not null == only)
            return accountId;
        // Without one, every receipt would be refused.
        if (only && !await db.Set<ReceiptToken>().AnyAsync(t => t.AccountId == accountId && t.EndsAt == null, ct))
            return new Problem("", "no_own_address");
        var now = clock.GetUtcNow();
        account.TokenOnlySince = only ? now : null;
        db.Add(member.Did(AuditActions.OwnAddressOnly, accountId, now, only ? "on" : "off"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }
}
