using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>A user's place in a tenant, with what every page of that tenant needs to know.</summary>
public sealed record TenantMembership(
    Guid TenantId,
    string Slug,
    string Name,
    TenantState State,
    string? SuspendedWhy,
    string TimeZone,
    string Country,
    Guid UserId,
    string UserName,
    MemberRole Role,
    bool Trial = false)
{
    /// <summary>The tenant is deleted then.</summary>
    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>The person is no member: an operator, who acts for the tenant.</summary>
    public ActingUntil? Acting { get; init; }

    /// <summary>Nobody comes in without a second factor: the tenant's wish, or the installation's.</summary>
    public bool DemandsFactor { get; init; }

    /// <summary>It is demanded, and this session has none.</summary>
    public bool NeedsFactor { get; init; }

    /// <summary>The person is let in.</summary>
    public bool IsOpen => State == TenantState.Active && !NeedsFactor;

    public Member Member => new(TenantId, UserId, UserName, Role) { Acting = Acting is not null };
}

/// <param name="Reason">As the operator gave it.</param>
public sealed record ActingUntil(DateTimeOffset EndsAt, string Reason);

/// <summary>
/// Reads the membership of a user in the tenant with that slug; null when there is none, whether or not there is such a
/// tenant. A delegate, so that a page can be tested without a database.
/// </summary>
public delegate Task<TenantMembership?> FindMembership(string slug, Guid userId, CancellationToken ct);

internal sealed class MembershipBySlug(IDbContextFactory<IdentityDb> identity, PortalDbFactory dbs, IOptions<FactorOptions> factors)
{
    public async Task<TenantMembership?> RunAsync(string slug, Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var found = await (
            from tenant in db.Tenants
            join membership in db.Memberships on tenant.Id equals membership.TenantId
            join user in db.Users on membership.UserId equals user.Id
            where tenant.Slug == slug && user.Id == userId
            select new { tenant.Id, tenant.Slug, tenant.Name, tenant.State, tenant.SuspendedWhy, tenant.DeleteAt, tenant.DemandsFactor, user.DisplayName, user.Email, membership.Role })
            .SingleOrDefaultAsync(ct);
        if (found is null)
            return null;

        await using var app = dbs.Create(new TenantScope(found.Id));
        // A tenant that is being deleted goes row by row, the register's last.
        if (await app.Set<TenantSettings>().Select(s => new { s.TimeZone, s.Country, Trial = app.Set<Trial>().Any() }).SingleOrDefaultAsync(ct) is not { } settings)
            return null;
        var name = found.DisplayName.Length > 0 ? found.DisplayName : found.Email!;
        return new(found.Id, found.Slug, found.Name, found.State, found.SuspendedWhy, settings.TimeZone, settings.Country, userId, name, found.Role, settings.Trial)
        {
            DeleteAt = found.DeleteAt,
            DemandsFactor = found.DemandsFactor || factors.Value.SecondFactorForAll,
        };
    }
}
