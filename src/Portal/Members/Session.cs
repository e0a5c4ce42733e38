namespace Portal.Members;

/// <summary>A signed-in browser. The cookie holds only its id; ending the row ends the sign-in.</summary>
public sealed class Session
{
    /// <summary>SHA-256 of the id in the cookie: a copy of the table signs nobody in.</summary>
    public required byte[] Id { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The ticket, sealed by Data Protection.</summary>
    public required byte[] Ticket { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }
}
