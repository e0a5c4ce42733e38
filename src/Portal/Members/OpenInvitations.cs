using Microsoft.EntityFrameworkCore;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>An invitation as the invited person sees it.</summary>
/// <param name="HasSignIn">The person can sign in already: they join, instead of choosing a password.</param>
public sealed record InvitationView(Guid Id, Guid TenantId, string Tenant, string Email, MemberRole Role, string By, bool HasSignIn);

/// <summary>Finds invitations for the one they are meant for: who has the code, or signs in with the address.</summary>
public sealed class OpenInvitations(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    /// <summary>Null: no such code, used, withdrawn or expired.</summary>
    public async Task<InvitationView?> ByCodeAsync(string code, CancellationToken ct)
    {
        var hash = MailCode.HashOf(code);
        await using var db = await identity.CreateDbContextAsync(ct);
        return await Views(db, db.Invitations.Where(i => i.CodeHash == hash)).SingleOrDefaultAsync(ct);
    }

    public async Task<IReadOnlyList<InvitationView>> OfAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await Views(db, db.Invitations.Where(i => db.Users.Any(u => u.Id == userId && u.NormalizedEmail == i.NormalizedEmail))).ToListAsync(ct);
    }

    /// <summary>For an address that somebody vouches for.</summary>
    internal async Task<IReadOnlyList<InvitationView>> ToAsync(string normalizedEmail, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await Views(db, db.Invitations.Where(i => i.NormalizedEmail == normalizedEmail)).ToListAsync(ct);
    }

    private IQueryable<InvitationView> Views(IdentityDb db, IQueryable<Invitation> invitations)
    {
        var now = clock.GetUtcNow();
        return from invitation in invitations
               where invitation.ExpiresAt > now
               join tenant in db.Tenants on invitation.TenantId equals tenant.Id
               join inviter in db.Users on invitation.InvitedBy equals inviter.Id
               orderby tenant.Name
               select new InvitationView(
                   invitation.Id,
                   tenant.Id,
                   tenant.Name,
                   invitation.Email,
                   invitation.Role,
                   inviter.DisplayName != "" ? inviter.DisplayName : inviter.Email!,
                   db.Users.Any(u => u.NormalizedEmail == invitation.NormalizedEmail));
    }
}
