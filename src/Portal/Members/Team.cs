using Microsoft.EntityFrameworkCore;
using Portal.Tenants;

namespace Portal.Members;

public sealed record TeamMember(Guid UserId, string Name, string Email, MemberRole Role, DateTimeOffset Since);

public sealed record TeamInvitation(Guid Id, string Email, MemberRole Role, string By, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt);

/// <param name="Invitations">Empty for those who may not invite.</param>
public sealed record TeamView(IReadOnlyList<TeamMember> Members, IReadOnlyList<TeamInvitation> Invitations);

/// <summary>The people of a tenant: every member sees the members, managers also who is invited.</summary>
public sealed class Team(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    public async Task<TeamView> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = await identity.CreateDbContextAsync(ct);
        var members = await (
            from membership in db.Memberships
            join user in db.Users on membership.UserId equals user.Id
            where membership.TenantId == member.TenantId
            select new TeamMember(user.Id, user.DisplayName != "" ? user.DisplayName : user.Email!, user.Email!, membership.Role, membership.CreatedAt)).ToListAsync(ct);
        return new(
            [.. members.OrderByDescending(m => m.Role).ThenBy(m => m.Name, StringComparer.CurrentCultureIgnoreCase)],
            member.Is(MemberRole.Manager) ? await InvitationsAsync(db, member.TenantId, ct) : []);
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
