using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Stops a tenant: its pages close within seconds, nothing of it is sent; receipts are still taken. The tenant's owner reads
/// the reason. Problems: <c>reason_missing</c>, <c>reason_long</c>, <c>tenant_unknown</c>, <c>already_suspended</c>.
/// </summary>
public sealed class SuspendTenant(Databases databases, TimeProvider clock)
{
    public const int MaxReason = 200;

    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, string reason, CancellationToken ct)
    {
        reason = reason.Trim();
        if (reason.Length == 0)
            return new Problem("Reason", "reason_missing");
        if (reason.Length > MaxReason)
            return new Problem("Reason", "reason_long", MaxReason);

        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (tenant.State == TenantState.Suspended)
            return new Problem("", "already_suspended", tenant.Name);
        tenant.State = TenantState.Suspended;
        tenant.SuspendedWhy = reason;
        work.Note(by, AuditActions.TenantSuspended, clock.GetUtcNow(), reason);
        await work.CommitAsync(ct);
        return tenantId;
    }
}
