using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>Ends a tenant's trial: it may write to anybody, within its limits. Problems: <c>tenant_unknown</c>, <c>not_in_trial</c>.</summary>
public sealed class LiftTrial(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.FindAsync([tenantId], ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (await work.App.Set<Trial>().ExecuteDeleteAsync(ct) == 0)
            return new Problem("", "not_in_trial", tenant.Name);
        work.Note(by, AuditActions.TrialLifted, clock.GetUtcNow());
        await work.CommitAsync(ct);
        return tenantId;
    }
}
