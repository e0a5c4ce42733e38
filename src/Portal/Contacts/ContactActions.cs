using Portal.Audit;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>What audit entries say of contacts, beside the words that others need too (<see cref="AuditActions"/>).</summary>
internal static class ContactActions
{
    public const string ListCreated = "list_created";
    public const string ListRenamed = "list_renamed";
    public const string ListDeleted = "list_deleted";
    public const string ImportCancelled = "import_cancelled";
    public const string NumberUnsuppressed = "number_unsuppressed";

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
