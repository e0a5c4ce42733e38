using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Lets a suspended tenant go on, unless its deletion has begun. Problems: <c>tenant_unknown</c>, <c>not_suspended</c>,
/// <c>deletion_begun</c>.
/// </summary>
public sealed class ResumeTenant(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (tenant.State == TenantState.Active)
            return new Problem("", "not_suspended", tenant.Name);
        // Its keys are gone: whoever is first, the deletion that begins or this, wins.
        if (await work.Register.Tenants.Where(t => t.Id == tenantId && t.DeletingSince == null).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.State, TenantState.Active).SetProperty(t => t.SuspendedWhy, (string?)null), ct) == 0)
        {
            return new Problem("", "deletion_begun", tenant.Name);
        }
        work.Note(by, AuditActions.TenantResumed, clock.GetUtcNow());
        await work.CommitAsync(ct);
        return tenantId;
    }
}
