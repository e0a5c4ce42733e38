using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>Takes an invitation back: its code stops working (role Manager). Problems: <c>invitation_gone</c>, <c>role_above</c>.</summary>
public sealed class WithdrawInvitation(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid id, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        var open = work.Register.Invitations.Where(i => i.TenantId == member.TenantId && i.Id == id);
        if (await open.AsNoTracking().SingleOrDefaultAsync(ct) is not { } invitation)
            return new Problem("", "invitation_gone");
        if (invitation.Role > member.Role)
            return new Problem("", "role_above");
        if (await open.ExecuteDeleteAsync(ct) == 0)
            return new Problem("", "invitation_gone");
        work.Note(member.UserId, id, AuditActions.InvitationWithdrawn, clock.GetUtcNow(), member.Name, invitation.Email);
        await work.CommitAsync(ct);
        return id;
    }
}
