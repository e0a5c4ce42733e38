using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Says whether the tenant's members come in with two factors only (role Owner, confirmed). It counts at once, also for pages that are
/// open: whoever has none is led to where they get one. Problem: <c>factor_for_all</c>.
/// </summary>
public sealed class DemandSecondFactor(Databases databases, IOptions<FactorOptions> options, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, bool demand, CancellationToken ct)
    {
        member.DemandConfirmed(MemberRole.Owner);
        if (!demand && options.Value.SecondFactorForAll)
            return new Problem("", "factor_for_all");
        await using var work = await TeamWork.BeginAsync(databases, member.Scope, ct);
        var changed = await work.Register.Tenants.Where(t => t.Id == member.TenantId && t.DemandsFactor != demand)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.DemandsFactor, demand), ct);
        if (changed == 0)
            return member.TenantId;
        work.Note(member.UserId, member.TenantId, demand ? AuditActions.SecondFactorDemanded : AuditActions.SecondFactorLetGo, clock.GetUtcNow(), member.Name);
        await work.CommitAsync(ct);
        live.Publish(member.TenantId, member.TenantId);
        return member.TenantId;
    }
}
