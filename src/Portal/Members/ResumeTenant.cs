using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>Lets a suspended tenant go on. Problems: <c>tenant_unknown</c>, <c>not_suspended</c>.</summary>
public sealed class ResumeTenant(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (tenant.State == TenantState.Active)
            return new Problem("", "not_suspended", tenant.Name);
        tenant.State = TenantState.Active;
        tenant.SuspendedWhy = null;
        work.Note(by, AuditActions.TenantResumed, clock.GetUtcNow());
        await work.CommitAsync(ct);
        return tenantId;
    }
}
