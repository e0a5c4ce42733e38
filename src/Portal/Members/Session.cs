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

    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When the person last showed who they are.</summary>
    public DateTimeOffset ConfirmedAt { get; set; }

    /// <summary>Signed in with two factors, or by a passkey.</summary>
    public bool Strong { get; set; }

    /// <summary>What the browser called itself at sign-in: <c>Chrome · Windows</c>.</summary>
    public string Device { get; init; } = "";

    /// <summary>Where it signed in from.</summary>
    public string Network { get; init; } = "";
}
