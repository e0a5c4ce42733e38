using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Takes a person out of the tenant (role Manager, nobody above their own; anybody takes themselves out). Their open pages of
/// this tenant close within seconds. Problems: <c>member_gone</c>, <c>role_above</c>, <c>last_owner</c>.
/// </summary>
public sealed class RemoveMember(Databases databases, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid userId, CancellationToken ct)
    {
        member.Demand(userId == member.UserId ? MemberRole.Viewer : MemberRole.Manager);
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        if (await work.LockAsync(userId, ct) is not { } membership)
            return new Problem("", "member_gone");
        if (membership.Role > member.Role)
            return new Problem("", "role_above");
        work.Note(member.UserId, userId, AuditActions.MemberRemoved, clock.GetUtcNow(), member.Name, await work.NameAsync(userId, ct), Words.Of(membership.Role));
        work.Register.Remove(membership);
        await work.WithdrawInvitationsOfAsync(userId, ct);
        if (!await work.TryCommitAsync(ct))
            return new Problem("", "last_owner");
        live.Publish(member.TenantId, member.TenantId);
        return userId;
    }
}
