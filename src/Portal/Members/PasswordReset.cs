namespace Portal.Members;

/// <summary>A code for a new password that was sent to a person's mailbox. The newest only; used, its row is gone.</summary>
public sealed class PasswordReset
{
    public Guid UserId { get; init; }

    public required byte[] CodeHash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
