using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Gives a member another role (role Manager; nobody touches or gives a role above their own). It counts at once, also for pages
/// that are open. Problems: <c>member_gone</c>, <c>role_above</c>, <c>last_owner</c>.
/// </summary>
public sealed class ChangeRole(Databases databases, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid userId, MemberRole role, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        if (await work.LockAsync(userId, ct) is not { } membership)
            return new Problem("", "member_gone");
        if (membership.Role > member.Role || role > member.Role)
            return new Problem("Role", "role_above");
        if (membership.Role == role)
            return userId;
        work.Note(member.UserId, userId, AuditActions.MemberRoleChanged, clock.GetUtcNow(), member.Name, await work.NameAsync(userId, ct), Words.Of(membership.Role), Words.Of(role));
        membership.Role = role;
        if (role < MemberRole.Manager)
            await work.WithdrawInvitationsOfAsync(userId, ct);
        if (!await work.TryCommitAsync(ct))
            return new Problem("Role", "last_owner");
        live.Publish(member.TenantId, member.TenantId);
        return userId;
    }
}
