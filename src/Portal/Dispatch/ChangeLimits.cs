using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <param name="AccountId"><see cref="Guid.Empty"/> for the whole tenant.</param>
public sealed record LimitInput(Guid AccountId, LimitFigures Figures);

/// <summary>
/// Sets the tenant's own limits (role Manager); an attempt that begins from then on keeps to them. Problems at
/// <c>{account id}.{figure}</c>: <c>out_of_range</c>, <c>limit_over_bound</c>; <c>account_gone</c> for the whole form.
/// </summary>
public sealed class ChangeLimits(PortalDbFactory dbs, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, IReadOnlyList<LimitInput> input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockLimitsAsync(ct);
        var labels = await db.Set<Account>().AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Label, ct);
        labels[Guid.Empty] = "";
        if (input.Any(i => !labels.ContainsKey(i.AccountId)))
            return new Problem("", "account_gone");
        var bounds = LimitFigures.Of(await db.Set<Limit>().AsNoTracking().SingleOrDefaultAsync(l => l.SetBy == LimitSetter.Operator && l.AccountId == Guid.Empty, ct));
        List<Problem> problems = [.. input.SelectMany(i => i.Figures.Check($"{i.AccountId}.").Concat(OverBounds(i, bounds)))];
        if (problems.Count > 0)
            return problems;
        var now = clock.GetUtcNow();
        foreach (var (account, figures) in input)
        {
            foreach (var (name, before, after) in await db.PutAsync(account, LimitSetter.Tenant, figures, ct))
                db.Add(member.Changed(AuditActions.LimitsChanged, now, labels[account], name, before, after));
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }

    private static IEnumerable<Problem> OverBounds(LimitInput input, LimitFigures bounds) =>
        from pair in input.Figures.All().Zip(bounds.All())
        where pair.First.Value > pair.Second.Value
        select new Problem($"{input.AccountId}.{pair.First.Name}", "limit_over_bound", pair.Second.Value!);
}
