using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;

namespace Portal.Tenants;

/// <summary>
/// Sets when campaigns are quiet (role Manager); requests that begin from then on heed it. Problems: <c>country_unknown</c> at
/// <c>Countries</c>; <c>country_twice</c> there when a country has two rules.
/// </summary>
public sealed class ChangeQuietHours(PortalDbFactory dbs, TimeProvider clock)
{
    /// <param name="rules">All of them; none: nothing is quiet.</param>
    public async Task<Result<Guid>> RunAsync(Member member, IReadOnlyList<QuietRule> rules, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        if (rules.FirstOrDefault(r => r.Country.Length > 0 && !PhoneNumbers.Regions.Contains(r.Country, StringComparer.Ordinal)) is { } unknown)
            return new Problem("Countries", "country_unknown", unknown.Country);
        if (rules.DistinctBy(r => r.Country).Count() < rules.Count)
            return new Problem("Countries", "country_twice");
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockSettingsAsync(ct);
        var before = await db.Set<QuietHours>().AsNoTracking().OrderBy(q => q.Country).ToListAsync(ct);
        List<QuietRule> after = [.. rules.OrderBy(r => r.Country, StringComparer.Ordinal)];
        if (!before.Select(QuietRules.Of).SequenceEqual(after))
        {
            await db.Set<QuietHours>().ExecuteDeleteAsync(ct);
            db.AddRange(after.Select(r => new QuietHours
            {
                TenantId = member.TenantId,
                Country = r.Country,
                FromMinute = (short)(r.From.Hour * 60 + r.From.Minute),
                ToMinute = (short)(r.To.Hour * 60 + r.To.Minute),
                Days = (short)r.Days,
            }));
            db.Add(member.Changed(AuditActions.QuietHoursChanged, clock.GetUtcNow(), Text(before.Select(QuietRules.Of)), Text(after)));
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }

    private static string Text(IEnumerable<QuietRule> rules) =>
        string.Join(", ", rules.Select(r => string.Create(CultureInfo.InvariantCulture, $"{(r.Country.Length > 0 ? r.Country : "*")} {r.From:HH:mm}-{r.To:HH:mm} {r.Days}")));
}
