using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>
/// Lets a number be written to again (role Sender): it was opted out by mistake, or the person asked for it. Problem
/// <c>optout_gone</c> when it is not opted out.
/// </summary>
public sealed class UnsuppressNumber(Databases databases, TimeProvider clock)
{
    public async Task<Result<string>> RunAsync(Member member, string number, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var removed = await connection.QueryAsync(r => r.GetString(0),
            "delete from app.suppressions where tenant_id = $1 and number = $2 returning reason", [member.TenantId, number], ct);
        if (removed is not [var reason])
            return new Problem("", "optout_gone");
        await connection.AuditAsync(member.Entry(AuditActions.NumberUnsuppressed, member.TenantId, clock.GetUtcNow(), reason), ct);
        await transaction.CommitAsync(ct);
        return number;
    }
}
