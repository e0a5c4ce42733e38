using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="DeleteAt">Null: nobody asked for it.</param>
/// <param name="DeletingSince">It has begun: too late to call it off.</param>
/// <param name="ExportedAt">When an owner last took everything along.</param>
/// <param name="Suspended">Its keys alone can be deleted: see <see cref="DeleteTenantKeys"/>.</param>
/// <param name="KeysDeletedAt">When that was last done.</param>
public sealed record DeletionView(
    string Slug, string Name, DateTimeOffset? DeleteAt, DateTimeOffset? DeletingSince, DateTimeOffset? ExportedAt, bool Suspended, DateTimeOffset? KeysDeletedAt);

/// <summary>
/// Has a tenant deleted, with everything, after a countdown in which it goes on as before and its owners can export what they
/// have (for operators, confirmed). Problems: <c>tenant_unknown</c>, <c>name_differs</c> at <c>Name</c>, <c>deletion_asked</c>,
/// <c>deletion_not_asked</c>, <c>deletion_begun</c>.
/// </summary>
public sealed class DeleteTenant(Databases databases, TimeProvider clock)
{
    public static readonly TimeSpan Countdown = TimeSpan.FromDays(7);

    public async Task<DeletionView?> ReadAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.FindAsync([tenantId], ct) is not { } tenant)
            return null;
        return new(
            tenant.Slug, tenant.Name, tenant.DeleteAt, tenant.DeletingSince, await LastAsync(work, AuditActions.DataExported, ct),
            tenant.State == TenantState.Suspended, await LastAsync(work, AuditActions.TenantKeysDeleted, ct));
    }

    private static Task<DateTimeOffset?> LastAsync(OperatorWork work, string action, CancellationToken ct) =>
        work.App.Set<AuditEntry>().Where(e => e.Action == action).MaxAsync(e => (DateTimeOffset?)e.At, ct);

    /// <param name="typed">The tenant's name, typed by the operator: nobody deletes the wrong one by a slip.</param>
    public async Task<Result<DateTimeOffset>> AskAsync(Operator by, Guid tenantId, string typed, CancellationToken ct)
    {
        by.DemandConfirmed();
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
            return new Problem("", "tenant_unknown");
        if (typed.Trim() != tenant.Name)
            return new Problem("Name", "name_differs", tenant.Name);
        var now = clock.GetUtcNow();
        var at = now + Countdown;
        // Two operators at once: one countdown, and one entry in the audit.
        if (await work.Register.Tenants.Where(t => t.Id == tenantId && t.DeleteAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.DeleteAt, at), ct) == 0)
            return new Problem("", "deletion_asked");
        work.Note(by, AuditActions.DeletionAsked, now, at.ToString("O", CultureInfo.InvariantCulture));
        await work.CommitAsync(ct);
        return at;
    }

    public async Task<Result<Guid>> CallOffAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        // Whoever changes the row first wins: the deletion that begins, or this.
        if (await work.Register.Tenants.Where(t => t.Id == tenantId && t.DeleteAt != null && t.DeletingSince == null)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.DeleteAt, (DateTimeOffset?)null), ct) == 0)
        {
            return new Problem("", await work.Register.Tenants.AnyAsync(t => t.Id == tenantId && t.DeletingSince != null, ct) ? "deletion_begun" : "deletion_not_asked");
        }
        work.Note(by, AuditActions.DeletionCalledOff, clock.GetUtcNow());
        await work.CommitAsync(ct);
        return tenantId;
    }
}
