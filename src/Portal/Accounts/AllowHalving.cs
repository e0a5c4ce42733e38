using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>
/// Lets refused requests of an account be halved again (role Manager), after a receipt had named a number of a refused one and
/// the provider has been asked what its refusals mean. <c>account_gone</c>.
/// </summary>
public sealed class AllowHalving(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        if (!account.NoHalving)
            return accountId;
        account.NoHalving = false;
        db.Add(member.Did(AuditActions.HalvingAllowed, accountId, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }
}
