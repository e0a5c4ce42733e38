using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>The limits of a tenant or of one of its accounts, with what is used.</summary>
/// <param name="AccountId"><see cref="Guid.Empty"/> for the whole tenant.</param>
/// <param name="Label">The account's; empty for the whole tenant.</param>
/// <param name="Used">Messages and segments of this day and this month.</param>
public sealed record LimitLine(Guid AccountId, string Label, LimitFigures Figures, UsedFigures Used);

public sealed record UsedFigures(long DayMessages, long DaySegments, long MonthMessages, long MonthSegments);

/// <param name="Bounds">What an operator set for the whole tenant: its own limits can only be lower.</param>
/// <param name="Lines">The whole tenant first, then its accounts by label.</param>
public sealed record LimitsView(LimitFigures Bounds, IReadOnlyList<LimitLine> Lines);

/// <summary>Reads a tenant's limits (role Viewer).</summary>
public sealed class TenantLimits(PortalDbFactory dbs)
{
    public async Task<LimitsView> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        var limits = await db.Set<Limit>().AsNoTracking().ToListAsync(ct);
        var accounts = await db.Set<Account>().AsNoTracking().OrderBy(a => a.Label).Select(a => new { a.Id, a.Label }).ToListAsync(ct);
        var today = await db.Database.SqlQuery<DateOnly>($"""select app.local_day({member.TenantId}) as "Value" """).SingleAsync(ct);
        var month = new DateOnly(today.Year, today.Month, 1);
        var usage = await db.Set<Usage>().AsNoTracking().Where(u => u.Day >= month && u.Day <= today).ToListAsync(ct);

        LimitLine Line(Guid id, string label, Func<Usage, bool> counts)
        {
            var (own, day) = (usage.Where(counts).ToList(), usage.Where(u => counts(u) && u.Day == today).ToList());
            var used = new UsedFigures(day.Sum(u => u.Messages), day.Sum(u => u.Segments), own.Sum(u => u.Messages), own.Sum(u => u.Segments));
            return new(id, label, LimitFigures.Of(limits.Find(l => l.AccountId == id && l.SetBy == LimitSetter.Tenant)), used);
        }
        return new(
            LimitFigures.Of(limits.Find(l => l.SetBy == LimitSetter.Operator && l.AccountId == Guid.Empty)),
            [Line(Guid.Empty, "", _ => true), .. accounts.Select(a => Line(a.Id, a.Label, u => u.AccountId == a.Id))]);
    }
}
