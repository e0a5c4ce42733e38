using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>A list with its size.</summary>
/// <param name="Suppressed">How many of its contacts are opted out.</param>
public sealed record ListRow(Guid Id, string Name, long Contacts, long Suppressed, DateTimeOffset CreatedAt);

/// <summary>All lists of a tenant by name (role Viewer).</summary>
public sealed class Lists(Databases databases)
{
    public async Task<IReadOnlyList<ListRow>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenToReadAsync(member.Scope, ct);
        return await connection.QueryAsync(
            r => new ListRow(r.GetGuid(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetFieldValue<DateTimeOffset>(4)), """
            select l.id, l.name, coalesce(m.contacts, 0), coalesce(s.suppressed, 0), l.created_at
            from app.lists l
            left join (select list_id, count(*) contacts from app.list_members where tenant_id = $1 group by list_id) m on m.list_id = l.id
            left join (select lm.list_id, count(*) suppressed
                       from app.suppressions s
                       join app.contacts c on c.tenant_id = $1 and c.number = s.number
                       join app.list_members lm on lm.tenant_id = $1 and lm.contact_id = c.id
                       where s.tenant_id = $1 group by lm.list_id) s on s.list_id = l.id
            where l.tenant_id = $1 order by lower(l.name), l.name
            """, [member.TenantId], ct);
    }
}
