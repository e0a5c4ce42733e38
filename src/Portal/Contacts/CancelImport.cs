using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>
/// Stops an import or throws one away that has not run (role Sender). A running one takes nothing in: what it did is
/// rolled back within a second. Problem <c>import_closed</c>: it was done, or cancelled, before.
/// </summary>
public sealed class CancelImport(Databases databases, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid importId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var cancelled = await connection.ExecuteAsync("""
            update app.imports set state = 'cancelled', content = null
            where tenant_id = $1 and id = $2 and state in ('uploaded', 'running', 'failed')
            """, [member.TenantId, importId], ct);
        if (cancelled == 0)
            return new Problem("", "import_closed");
        await connection.AuditAsync(member.Entry(AuditActions.ImportCancelled, importId, clock.GetUtcNow()), ct);
        await transaction.CommitAsync(ct);
        return importId;
    }
}
