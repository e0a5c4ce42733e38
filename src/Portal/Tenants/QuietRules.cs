using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tenants;

/// <param name="Country">Two letters; empty for every country without a rule of its own.</param>
/// <param name="From">Null with <paramref name="None"/>.</param>
/// <param name="To">Below <paramref name="From"/>: on the next day.</param>
/// <param name="None">It is never quiet there.</param>
public sealed record QuietRule(string Country, TimeOnly? From, TimeOnly? To, bool None = false);

/// <summary>A tenant's quiet hours: the rule for all first, then countries in alphabetical order (role Viewer).</summary>
public sealed class QuietRules(PortalDbFactory dbs)
{
    public async Task<IReadOnlyList<QuietRule>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        return await ReadAsync(db, ct);
    }

    internal static async Task<List<QuietRule>> ReadAsync(PortalDb db, CancellationToken ct)
    {
        var rows = await db.Set<QuietHours>().AsNoTracking().ToListAsync(ct);
        return [.. rows.OrderBy(r => r.Country, StringComparer.Ordinal).Select(r => new QuietRule(r.Country, Time(r.FromMinute), Time(r.ToMinute), r.FromMinute is null))];
    }

    private static TimeOnly? Time(short? minute) => minute is { } some ? TimeOnly.MinValue.AddMinutes(some) : null;
}
