using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Contacts">People, on a list or on none.</param>
/// <param name="Suppressions">Numbers opted out, also of people who are no contacts.</param>
public sealed record ContactTotals(long Contacts, long Lists, long Suppressions);

/// <summary>How many contacts, lists and opted-out numbers a tenant has (role Viewer).</summary>
public sealed class ContactCounts(Databases databases)
{
    public async Task<ContactTotals> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return (await connection.QueryAsync(r => new ContactTotals(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), """
            select (select count(*) from app.contacts where tenant_id = $1), (select count(*) from app.lists where tenant_id = $1),
                   (select count(*) from app.suppressions where tenant_id = $1)
            """, [member.TenantId], ct))[0];
    }
}
