using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Audit;

/// <summary>A tenant's audit, newest first (role Manager).</summary>
public sealed class AuditList(PortalDbFactory dbs)
{
    public const int PageSize = 50;

    public async Task<AuditView> RunAsync(Member member, AuditFilter filter, int page, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        var zone = await db.Set<TenantSettings>().Select(s => s.TimeZone).SingleAsync(ct);
        var entries = filter.Apply(db.Set<AuditEntry>(), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var matching = await entries.CountAsync(ct);
        var pages = Math.Max(1, (matching + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var rows = await entries.Skip((page - 1) * PageSize).Take(PageSize).ToListAsync(ct);
        var people = await db.Database.SqlQuery<AuditActor>($"""
            select distinct on (actor_id) actor_id as id, actor_name as name from app.audit_entries
            where tenant_id = {member.TenantId} and actor_id is not null and actor_name is not null order by actor_id, at desc
            """).ToListAsync(ct);
        return new(await NamedAsync(db, rows, ct), page, pages, matching, [.. people.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)], zone);
    }

    /// <summary>All of it, for an export.</summary>
    public async IAsyncEnumerable<AuditRow> AllAsync(Member member, AuditFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var db = dbs.Create(member.Scope);
        var zone = await db.Set<TenantSettings>().Select(s => s.TimeZone).SingleAsync(ct);
        await foreach (var some in filter.Apply(db.Set<AuditEntry>(), TimeZoneInfo.FindSystemTimeZoneById(zone)).AsAsyncEnumerable().Chunked(500, ct))
        {
            await using var names = dbs.Create(member.Scope);
            foreach (var row in await NamedAsync(names, some, ct))
                yield return row;
        }
    }

    // Whatever has a name; people's stand in the details. Asked by name of the table: this capability knows none of those above it.
    private static async Task<IReadOnlyList<AuditRow>> NamedAsync(PortalDb db, List<AuditEntry> entries, CancellationToken ct)
    {
        var (tenant, ids) = (db.TenantId, entries.Select(e => e.SubjectId).Distinct().ToArray());
        var named = await db.Database.SqlQuery<AuditActor>($"""
            select id, label as name from app.accounts where tenant_id = {tenant} and id = any ({ids})
            union all select id, name from app.campaigns where tenant_id = {tenant} and id = any ({ids})
            union all select sending_id, name from app.campaigns where tenant_id = {tenant} and sending_id = any ({ids})
            union all select id, name from app.schedules where tenant_id = {tenant} and id = any ({ids})
            union all select id, name from app.lists where tenant_id = {tenant} and id = any ({ids})
            """).ToListAsync(ct);
        var names = named.DistinctBy(n => n.Id).ToDictionary(n => n.Id, n => n.Name);
        return [.. entries.Select(e => e.Row(names.GetValueOrDefault(e.SubjectId)))];
    }
}

internal static class AuditReading
{
    public static AuditRow Row(this AuditEntry e, string? subject, string? tenant = null) =>
        new(e.Id, e.At, e.ActorName, e.ByOperator, e.Address, e.Session, e.Action, e.Details, subject, tenant);

    public static async IAsyncEnumerable<List<AuditEntry>> Chunked(this IAsyncEnumerable<AuditEntry> entries, int size, [EnumeratorCancellation] CancellationToken ct)
    {
        var some = new List<AuditEntry>(size);
        await foreach (var entry in entries.WithCancellation(ct))
        {
            some.Add(entry);
            if (some.Count < size)
                continue;
            yield return some;
            some = new(size);
        }
        if (some.Count > 0)
            yield return some;
    }
}
