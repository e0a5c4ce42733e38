using Portal.Audit;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>Audit entries of contacts.</summary>
internal static class ContactAudit
{
    public static AuditEntry Entry(this Member member, string action, Guid subject, DateTimeOffset at, params string[] details) => new()
    {
        TenantId = member.TenantId,
        ActorId = member.UserId,
        SubjectId = subject,
        Action = action,
        At = at,
        Details = details,
    };
}
