using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>
/// What those who run the portal did, over all tenants, newest first; times of the filter are UTC. What a tenant's own people do is
/// the tenant's to read.
/// </summary>
public sealed class OperatorAudit(PortalDbFactory dbs, IDbContextFactory<IdentityDb> identity)
{
    public async Task<AuditView> RunAsync(Operator by, AuditFilter filter, int page, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var db = Open();
        var entries = filter.Apply(Entries(db), TimeZoneInfo.Utc);
        var matching = await entries.CountAsync(ct);
        var pages = Math.Max(1, (matching + AuditList.PageSize - 1) / AuditList.PageSize);
        page = Math.Clamp(page, 1, pages);
        var rows = await entries.Skip((page - 1) * AuditList.PageSize).Take(AuditList.PageSize).ToListAsync(ct);
        var people = await db.Database.SqlQuery<AuditActor>($"""
            select distinct on (actor_id) actor_id as id, actor_name as name from app.audit_entries
            where by_operator and actor_id is not null and actor_name is not null order by actor_id, at desc
            """).ToListAsync(ct);
        var names = await TenantNamesAsync(ct);
        return new([.. rows.Select(r => r.Row(null, names.GetValueOrDefault(r.TenantId)))], page, pages, matching,
            [.. people.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)], "UTC");
    }

    /// <summary>All of it, for an export.</summary>
    public async IAsyncEnumerable<AuditRow> AllAsync(Operator by, AuditFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        var names = await TenantNamesAsync(ct);
        await using var db = Open();
        await foreach (var entry in filter.Apply(Entries(db), TimeZoneInfo.Utc).AsAsyncEnumerable().WithCancellation(ct))
            yield return entry.Row(null, names.GetValueOrDefault(entry.TenantId));
    }

    // No tenant is set: the policy of the operators' role shows their own entries of all tenants.
    private PortalDb Open() => dbs.Create(new(Guid.Empty), DatabaseRole.Operator);

    private static IQueryable<AuditEntry> Entries(PortalDb db) => db.Set<AuditEntry>().IgnoreQueryFilters(["tenant"]).Where(e => e.ByOperator);

    private async Task<Dictionary<Guid, string>> TenantNamesAsync(CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Tenants.ToDictionaryAsync(t => t.Id, t => t.Name, ct);
    }
}
