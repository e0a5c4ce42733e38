using Microsoft.EntityFrameworkCore;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>A tenant that a user can choose after signing in.</summary>
public sealed record MembershipRow(string Slug, string Name, MemberRole Role, TenantState State);

/// <summary>The tenants that a user is a member of, by name; suspended ones too.</summary>
public sealed class MembershipsOf(IDbContextFactory<IdentityDb> identity)
{
    public async Task<IReadOnlyList<MembershipRow>> RunAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await (
            from membership in db.Memberships
            join tenant in db.Tenants on membership.TenantId equals tenant.Id
            where membership.UserId == userId
            orderby tenant.Name, tenant.Slug
            select new MembershipRow(tenant.Slug, tenant.Name, membership.Role, tenant.State)).ToListAsync(ct);
    }
}
