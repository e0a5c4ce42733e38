namespace Portal.Data;

/// <summary>Where an operation comes from, for the audit. Travels with whoever acts and with the tenant's scope, down to the connection.</summary>
/// <param name="Address">The browser's address, or <c>console</c>.</param>
/// <param name="Session">Tells a person's sessions apart: the first digits of the session's hash, which open nothing.</param>
public sealed record Origin(string Address, string? Session = null)
{
    private const int SessionBytes = 4;

    public static Origin Console { get; } = new("console");

    /// <param name="address">The browser's.</param>
    /// <param name="session">SHA-256 of what the cookie holds.</param>
    public static Origin Of(string address, byte[]? session) =>
        new(address, session is null ? null : Convert.ToHexStringLower(session.AsSpan(0, SessionBytes)));
}
