namespace Portal.Members;

public enum LetterKind { Invitation, PasswordReset, PasswordChanged }

/// <summary>
/// A letter to be sent. Carries no code: one is made while it is sent, and is then nowhere but in the mail. So a copy of the
/// database lets nobody in.
/// </summary>
public sealed class Letter
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public LetterKind Kind { get; init; }

    /// <summary>The address that was asked for; somebody's or nobody's.</summary>
    public required string Email { get; init; }

    /// <summary>The invitation, where it is one.</summary>
    public Guid? InvitationId { get; init; }

    /// <summary>The language of whoever asked; the person's own goes before it.</summary>
    public required string Culture { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public int Tries { get; set; }

    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset NextAt { get; set; }
}
