namespace Portal.Members;

/// <summary>
/// An operator who acts for a tenant, in one session and for an hour at most. Goes with the session when that ends; without the
/// operator's right it is worth nothing.
/// </summary>
public sealed class Acting
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The operator's session: one tenant at a time.</summary>
    public required byte[] SessionId { get; init; }

    public Guid UserId { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>Why; the tenant reads it.</summary>
    public required string Reason { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }
}
