using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>An account in the list of a tenant's accounts.</summary>
public sealed record AccountLine(Guid Id, string Label, AccountKind Kind, string Host, AccountState State, string? StoppedCode, int Rate, int BatchSize);

/// <summary>A tenant's accounts, by label.</summary>
public sealed class AccountList(PortalDbFactory dbs)
{
    public async Task<IReadOnlyList<AccountLine>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        var accounts = await db.Set<Account>().AsNoTracking().OrderBy(a => a.Label).ToListAsync(ct);
        return [.. accounts.Select(a => new AccountLine(a.Id, a.Label, a.Kind, new Uri(a.BaseAddress).Authority, a.State, a.StoppedCode, a.Rate, a.BatchSize))];
    }
}
