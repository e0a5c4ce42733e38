using Portal.Tenants;

namespace Portal.Members;

/// <summary>An open invitation into a tenant. Accepted or withdrawn, its row is gone: a code works once.</summary>
public sealed class Invitation
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public required string Email { get; init; }

    public required string NormalizedEmail { get; init; }

    public MemberRole Role { get; init; }

    public Guid InvitedBy { get; init; }

    /// <summary>The inviter's language: the letter's, while nothing is known of the other person.</summary>
    public required string Culture { get; init; }

    /// <summary>Of the code in the last letter; null until one was sent.</summary>
    public byte[]? CodeHash { get; set; }

    /// <summary>When a letter was last asked for.</summary>
    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
