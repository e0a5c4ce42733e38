using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>A new address of an account's own.</summary>
/// <param name="Token">What stands behind <c>/receipts/</c>: shown now, and kept nowhere.</param>
/// <param name="OldUntil">Until when the one before works.</param>
public sealed record IssuedAddress(string Token, DateTimeOffset? OldUntil)
{
    /// <summary>Never the token: it may end in a log.</summary>
    public override string ToString() => "***";
}

/// <summary>
/// Gives an account an address of its own for receipts, or a new one (role Manager): the one before works for another day, until
/// the new one stands at the provider. <c>account_gone</c>.
/// </summary>
public sealed class IssueOwnAddress(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public async Task<Result<IssuedAddress>> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two at a time would give two newest ones.
        if (await db.LockAsync(accountId, ct) is null)
            return new Problem("", "account_gone");
        var now = clock.GetUtcNow();
        var before = await db.Set<ReceiptToken>().Where(t => t.AccountId == accountId).OrderByDescending(t => t.Version).FirstOrDefaultAsync(ct);
        if (before is { EndsAt: null })
            before.EndsAt = now + Overlap;
        var token = ReceiptToken.NewToken();
        var version = (before?.Version ?? 0) + 1;
        db.AddRange(
            new ReceiptToken
            {
                TenantId = member.TenantId,
                AccountId = accountId,
                Version = version,
                Hash = ReceiptToken.HashOf(token),
                Last4 = ReceiptToken.Last4Of(token),
                IssuedAt = now,
                IssuedBy = member.UserId,
                IssuedByName = member.Name,
            },
            member.Did(AuditActions.OwnAddressIssued, accountId, now, version.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return new IssuedAddress(token, before?.EndsAt > now ? before.EndsAt : null);
    }
}
