namespace Portal.Members;

/// <summary>What a member may do; each role may do what the ones before it may.</summary>
public enum MemberRole { Viewer, Sender, Manager, Owner }

/// <summary>A user in a tenant.</summary>
public sealed class Membership
{
    public Guid TenantId { get; init; }

    public Guid UserId { get; init; }

    public MemberRole Role { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
