using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Number">Digits only.</param>
/// <param name="Shown">Whole for those who work with numbers, masked for those who only look.</param>
public sealed record OwnNumberLine(string Number, string Shown, DateTimeOffset AddedAt, string AddedByName);

/// <summary>The tenant's own numbers, at most <see cref="OwnNumber.Most"/> (role Viewer).</summary>
public sealed class OwnNumbers(PortalDbFactory dbs)
{
    public async Task<IReadOnlyList<OwnNumberLine>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        var numbers = await db.Set<OwnNumber>().AsNoTracking().OrderBy(n => n.AddedAt).ToListAsync(ct);
        return [.. numbers.Select(n => new OwnNumberLine(n.Number, member.Shown(n.Number), n.AddedAt, n.AddedByName))];
    }
}
