namespace Portal.Members;

/// <summary>A person's authenticator app. Not yet confirmed, it counts for nothing.</summary>
public sealed class SecondFactor
{
    public Guid UserId { get; init; }

    /// <summary>The seed with its owner's id before it, sealed by the vault: moved to another person it opens nothing.</summary>
    public required byte[] SealedSeed { get; set; }

    /// <summary>The newest step whose code was taken: each code counts once.</summary>
    public long LastStep { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }
}

/// <summary>A code for the day on which the app is lost. Used, its row is gone.</summary>
public sealed class RecoveryCode
{
    public Guid UserId { get; init; }

    /// <summary>SHA-256 of person and code.</summary>
    public required byte[] Hash { get; init; }
}
