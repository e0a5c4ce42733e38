using Portal.Tenants;

namespace Portal.Members;

/// <summary>A user in a tenant.</summary>
public sealed class Membership
{
    public Guid TenantId { get; init; }

    public Guid UserId { get; init; }

    public MemberRole Role { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
