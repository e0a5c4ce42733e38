using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Sends an invitation's letter again, valid from now (role Manager). The code of the letter before stops working. Problems:
/// <c>invitation_gone</c>, <c>role_above</c>, <c>resent_lately</c>.
/// </summary>
public sealed class ResendInvitation(Databases databases, TimeProvider clock)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    public async Task<Result<Guid>> RunAsync(Member member, Guid id, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        var now = clock.GetUtcNow();
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        if (await work.Register.Invitations.SingleOrDefaultAsync(i => i.TenantId == member.TenantId && i.Id == id, ct) is not { } invitation)
            return new Problem("", "invitation_gone");
        if (invitation.Role > member.Role)
            return new Problem("", "role_above");
        if (now - invitation.AskedAt < _pause)
            return new Problem("", "resent_lately");
        (invitation.CodeHash, invitation.AskedAt, invitation.ExpiresAt) = (null, now, now + InviteMember.Lasts);
        work.Register.Add(InviteMember.LetterOf(invitation));
        work.Note(member.UserId, id, AuditActions.InvitationResent, now, member.Name, invitation.Email);
        await work.CommitAsync(ct);
        return id;
    }
}
