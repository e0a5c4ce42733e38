using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="HasFactor">An authenticator app or a passkey; null for those who do not keep the team.</param>
public sealed record TeamMember(Guid UserId, string Name, string Email, MemberRole Role, DateTimeOffset Since, bool? HasFactor = null);

public sealed record TeamInvitation(Guid Id, string Email, MemberRole Role, string By, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt);

/// <param name="Invitations">Empty for those who may not invite.</param>
/// <param name="DemandsFactor">Members come in with two factors only.</param>
/// <param name="FactorForAll">The installation demands it: no owner can let go of it.</param>
public sealed record TeamView(IReadOnlyList<TeamMember> Members, IReadOnlyList<TeamInvitation> Invitations, bool DemandsFactor = false, bool FactorForAll = false);

/// <summary>The people of a tenant: every member sees the members, managers also who is invited, and who has a second factor.</summary>
public sealed class Team(IDbContextFactory<IdentityDb> identity, IOptions<FactorOptions> factors, TimeProvider clock)
{
    public async Task<TeamView> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        var keeps = member.Is(MemberRole.Manager);
        await using var db = await identity.CreateDbContextAsync(ct);
        var demands = await db.Tenants.Where(t => t.Id == member.TenantId).Select(t => t.DemandsFactor).SingleOrDefaultAsync(ct);
        var members = await (
            from membership in db.Memberships
            join user in db.Users on membership.UserId equals user.Id
            where membership.TenantId == member.TenantId
            select new TeamMember(
                user.Id, user.DisplayName != "" ? user.DisplayName : user.Email!, user.Email!, membership.Role, membership.CreatedAt,
                keeps ? db.SecondFactors.Any(f => f.UserId == user.Id && f.ConfirmedAt != null) || db.UserPasskeys.Any(p => p.UserId == user.Id) : null)).ToListAsync(ct);
        return new(
            [.. members.OrderByDescending(m => m.Role).ThenBy(m => m.Name, StringComparer.CurrentCultureIgnoreCase)],
            keeps ? await InvitationsAsync(db, member.TenantId, ct) : [],
            demands || factors.Value.SecondFactorForAll,
            factors.Value.SecondFactorForAll);
    }

    private async Task<List<TeamInvitation>> InvitationsAsync(IdentityDb db, Guid tenant, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await (
            from invitation in db.Invitations
            join inviter in db.Users on invitation.InvitedBy equals inviter.Id
            where invitation.TenantId == tenant && invitation.ExpiresAt > now
            orderby invitation.AskedAt descending
            select new TeamInvitation(
                invitation.Id, invitation.Email, invitation.Role, inviter.DisplayName != "" ? inviter.DisplayName : inviter.Email!, invitation.AskedAt, invitation.ExpiresAt)).ToListAsync(ct);
    }
}
