namespace Portal.Vault;

/// <summary>Why the vault refused.</summary>
public enum VaultError
{
    /// <summary>The bytes are no sealed value of this format.</summary>
    NotThisFormat,

    /// <summary>The root key that is needed is not among ours.</summary>
    UnknownRootKey,

    /// <summary>The version of the data key that is needed is not in the store.</summary>
    UnknownKeyVersion,

    /// <summary>The value, its place or its key is not the one that was sealed. Which of them, nobody is told.</summary>
    Tampered,

    /// <summary>The tenant has no key: never made, or deleted.</summary>
    NoTenantKey,

    /// <summary>The purpose has no key in the store.</summary>
    NoSystemKey,

    /// <summary>The root keys are missing, unreadable or not in their format.</summary>
    BadRootKeys,

    /// <summary>The root key file can be reached by others than its owner.</summary>
    RootKeysExposed,
}

/// <summary>The vault refused. The message carries no secret and may be logged.</summary>
public sealed class VaultException(VaultError error, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public VaultError Error { get; } = error;

    internal static VaultException Tampered() =>
        new(VaultError.Tampered, "A sealed value does not open: the value, its place or its key is not the one that was sealed.");
}
