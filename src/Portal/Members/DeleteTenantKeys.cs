using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Deletes a tenant's keys: nothing that was sealed for it opens again, from that moment on; and once the backups of the key
/// store have expired (a week), not out of any backup either. Receipts find it no more. There is no way back, so only a
/// suspended tenant's keys can go, by an operator who types its name (confirmed). Can be repeated. Problems: <c>tenant_unknown</c>,
/// <c>tenant_not_suspended</c>, <c>name_differs</c> at <c>Name</c>.
/// </summary>
public sealed class DeleteTenantKeys(Databases databases, Vault.Vault vault, TimeProvider clock)
{
    /// <param name="typed">The tenant's name, as in <see cref="DeleteTenant"/>.</param>
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, string typed, CancellationToken ct)
    {
        by.DemandConfirmed();
        await using (var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct))
        {
            if (await work.Register.Tenants.SingleOrDefaultAsync(t => t.Id == tenantId, ct) is not { } tenant)
                return new Problem("", "tenant_unknown");
            if (tenant.State != TenantState.Suspended)
                return new Problem("", "tenant_not_suspended", tenant.Name);
            if (typed.Trim() != tenant.Name)
                return new Problem("Name", "name_differs", tenant.Name);
            work.Note(by, AuditActions.TenantKeysDeleted, clock.GetUtcNow());
            await work.CommitAsync(ct);
        }
        // After the note: keys that are gone without one would be a riddle. Cut off in between, it is repeated.
        await DestroyAsync(tenantId, CancellationToken.None);
        return tenantId;
    }

    /// <summary>Whatever opens secrets of the tenant, and leads receipts to it. Can be repeated.</summary>
    internal async Task DestroyAsync(Guid tenantId, CancellationToken ct)
    {
        await vault.DeleteTenantAsync(tenantId, ct);
        await using var command = databases[DatabaseRole.Operator].CreateCommand("delete from infra.apikey_index where tenant_id = $1");
        command.Parameters.Add(new() { Value = tenantId });
        await command.ExecuteNonQueryAsync(ct);
    }
}
