using System.Net;

namespace Portal.Receipts;

/// <summary>A request to the webhook that waits for its answer.</summary>
/// <param name="Token">Hash of the token of the address that it came over; null: the common one.</param>
/// <param name="Body">Null: longer than any receipt. It waits with the others, so that its answer tells nothing.</param>
internal sealed record Arrival(DateTimeOffset At, IPAddress? Source, string? Token, byte[]? Body)
{
    /// <summary>Whoever sets it goes on with the request: never the one who writes the groups.</summary>
    public TaskCompletionSource<bool> Stored { get; } = new();
}
