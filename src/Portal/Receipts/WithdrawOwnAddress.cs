using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>
/// Ends all of an account's own addresses at once (role Manager). Receipts over the common address are taken from then on, also
/// where they were not. <c>account_gone</c>, <c>no_own_address</c>.
/// </summary>
public sealed class WithdrawOwnAddress(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        var now = clock.GetUtcNow();
        var working = await db.Set<ReceiptToken>().Where(t => t.AccountId == accountId && (t.EndsAt == null || t.EndsAt > now)).ToListAsync(ct);
        if (working.Count == 0)
            return new Problem("", "no_own_address");
        foreach (var token in working)
            token.EndsAt = now;
        account.TokenOnlySince = null;
        db.Add(member.Did(AuditActions.OwnAddressWithdrawn, accountId, now));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }
}
