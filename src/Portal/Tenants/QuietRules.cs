using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tenants;

/// <param name="Country">Two letters; empty for every country without a rule of its own.</param>
/// <param name="Days">Bit 0 is Monday; 0: nothing is quiet there.</param>
public sealed record QuietRule(string Country, TimeOnly From, TimeOnly To, int Days);

/// <summary>A tenant's quiet hours: the rule for all first, then countries in alphabetical order (role Viewer).</summary>
public sealed class QuietRules(PortalDbFactory dbs)
{
    public async Task<IReadOnlyList<QuietRule>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        var rows = await db.Set<QuietHours>().AsNoTracking().OrderBy(q => q.Country).ToListAsync(ct);
        return [.. rows.Select(Of)];
    }

    internal static QuietRule Of(QuietHours row) =>
        new(row.Country, TimeOnly.MinValue.AddMinutes(row.FromMinute), TimeOnly.MinValue.AddMinutes(row.ToMinute), row.Days);
}
