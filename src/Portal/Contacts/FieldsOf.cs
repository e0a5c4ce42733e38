using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>The fields of the people on some lists.</summary>
/// <param name="Contacts">People on the lists, each once.</param>
public sealed record FieldsOfLists(long Contacts, IReadOnlyList<FieldCount> Fields);

/// <param name="Name">The field's normal form.</param>
/// <param name="Contacts">How many of the people have it.</param>
public sealed record FieldCount(string Name, long Contacts);

/// <summary>What texts to the people on some lists can take up (role Viewer), by name.</summary>
public sealed class FieldsOf(Databases databases)
{
    public async Task<FieldsOfLists> RunAsync(Member member, IReadOnlyCollection<Guid> listIds, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenToReadAsync(member.Scope, ct);
        var fields = await connection.QueryAsync(r => new FieldCount(r.GetString(0), r.GetInt64(1)), """
            select coalesce(k.name, ''), count(*)
            from (select distinct contact_id from app.list_members where tenant_id = $1 and list_id = any ($2)) m
            join app.contacts c on c.tenant_id = $1 and c.id = m.contact_id
            cross join lateral (select null as name union all select jsonb_object_keys(c.fields)) k
            group by k.name order by k.name nulls first
            """, [member.TenantId, listIds.ToArray()], ct);
        // The row without a name counts the people themselves.
        return fields is [{ Name: "" } all, ..] ? new FieldsOfLists(all.Contacts, fields[1..]) : new FieldsOfLists(0, []);
    }
}
