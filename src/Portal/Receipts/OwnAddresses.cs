using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>All of an account's own address that is ever shown again.</summary>
/// <param name="EndsAt">Replaced, and works until then; null: the newest.</param>
/// <param name="LastAt">When the newest receipt came over it that found its message.</param>
public sealed record OwnAddress(string Last4, DateTimeOffset IssuedAt, string IssuedByName, DateTimeOffset? EndsAt, DateTimeOffset? LastAt);

/// <param name="Working">The addresses that work now, newest first.</param>
/// <param name="OnlySince">Since then receipts that come over the common address are not taken; null: they are.</param>
public sealed record OwnAddressView(IReadOnlyList<OwnAddress> Working, DateTimeOffset? OnlySince)
{
    public OwnAddress? Newest => Working is [{ EndsAt: null } newest, ..] ? newest : null;
}

/// <summary>Reads an account's own addresses for receipts (role Viewer).</summary>
public sealed class OwnAddresses(PortalDbFactory dbs, TimeProvider clock)
{
    /// <returns>Null when the tenant has no such account.</returns>
    public async Task<OwnAddressView?> RunAsync(Member member, Guid accountId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        if (await db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, ct) is not { } account)
            return null;
        var now = clock.GetUtcNow();
        var working = await db.Set<ReceiptToken>().Where(t => t.AccountId == accountId && (t.EndsAt == null || t.EndsAt > now)).OrderByDescending(t => t.Version)
            .Select(t => new OwnAddress(t.Last4, t.IssuedAt, t.IssuedByName, t.EndsAt, t.LastAt)).ToListAsync(ct);
        return new(working, account.TokenOnlySince);
    }
}
