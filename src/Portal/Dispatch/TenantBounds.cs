using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>What an operator decides about a tenant, and what it sent lately.</summary>
/// <param name="Sent">Messages counted in the last 30 days.</param>
public sealed record TenantBoundsView(Guid Id, string Slug, string Name, DateTimeOffset? TrialSince, LimitFigures Bounds, long Sent)
{
    /// <summary>Why it is suspended; null: it is not.</summary>
    public string? SuspendedWhy { get; init; }
}

/// <summary>Reads one tenant for operators; null when there is none.</summary>
public sealed class TenantBounds(Databases databases)
{
    public async Task<TenantBoundsView?> RunAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.FindAsync([tenantId], ct) is not { } tenant)
            return null;
        var trial = await work.App.Set<Trial>().AsNoTracking().SingleOrDefaultAsync(ct);
        var bounds = await work.App.Set<Limit>().AsNoTracking().SingleOrDefaultAsync(l => l.AccountId == Guid.Empty && l.SetBy == LimitSetter.Operator, ct);
        var sent = await work.App.Database.SqlQuery<long>($"""
            select coalesce(sum(messages), 0)::bigint as "Value" from app.usage where tenant_id = {tenantId} and day > current_date - 30
            """).SingleAsync(ct);
        return new(tenantId, tenant.Slug, tenant.Name, trial?.Since, LimitFigures.Of(bounds), sent) { SuspendedWhy = tenant.State == TenantState.Suspended ? tenant.SuspendedWhy ?? "" : null };
    }
}
