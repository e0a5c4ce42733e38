using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Tenants;

internal static class SettingsRow
{
    /// <summary>The tenant's settings, locked for the caller's transaction.</summary>
    public static Task<TenantSettings> LockSettingsAsync(this PortalDb db, CancellationToken ct) => db.Set<TenantSettings>()
        .FromSql($"select * from app.tenant_settings where tenant_id = {db.TenantId} for update").SingleAsync(ct);

    /// <summary>An entry about the tenant itself; the first detail is the person's name.</summary>
    public static AuditEntry Changed(this Member member, string action, DateTimeOffset at, params string[] details) => new()
    {
        TenantId = member.TenantId,
        ActorId = member.UserId,
        SubjectId = member.TenantId,
        Action = action,
        At = at,
        Details = [member.Name, .. details],
    };
}
