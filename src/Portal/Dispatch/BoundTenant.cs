using Portal.Audit;
using Portal.Data;
using Portal.Members;

namespace Portal.Dispatch;

/// <summary>
/// Sets what a tenant may send at most, whatever it sets itself: for operators. Problems at the figure's name:
/// <c>out_of_range</c>; <c>tenant_unknown</c>.
/// </summary>
public sealed class BoundTenant(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, LimitFigures figures, CancellationToken ct)
    {
        List<Problem> problems = [.. figures.Check()];
        if (problems.Count > 0)
            return problems;
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.FindAsync([tenantId], ct) is null)
            return new Problem("", "tenant_unknown");
        await work.App.LockLimitsAsync(ct);
        foreach (var (name, before, after) in await work.App.PutAsync(Guid.Empty, LimitSetter.Operator, figures, ct))
            work.Note(by, AuditActions.BoundsChanged, clock.GetUtcNow(), name, before, after);
        await work.CommitAsync(ct);
        return tenantId;
    }
}
