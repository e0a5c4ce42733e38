using System.Net;

namespace Portal.Sms.Provider;

/// <summary>
/// A body that can be written once. If anything below ever tried to send a request again, it would find no body to send.
/// It also knows whether the body was begun, which is the line between "not sent" and "in doubt".
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private const int Untouched = 0;
    private const int Begun = 1;
    private const int Shut = 2;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Func<CancellationToken, Task>? _atLast;
    private int _state;

    /// <param name="atLast">Awaited when the connection is there and nothing but the body is left to be written: nothing of the request has left by then.</param>
    public OnceContent(ReadOnlyMemory<byte> body, Func<CancellationToken, Task>? atLast)
    {
        (_body, _atLast) = (body, atLast);
        // The parsed header would be written with a blank before "charset", which the provider's document does not have.
        Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=utf-8");
    }

    /// <summary>True when the body has not been begun; from then on it cannot be.</summary>
    public bool TryShut() => Interlocked.CompareExchange(ref _state, Shut, Untouched) != Begun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_atLast is not null)
            await _atLast(cancellationToken);
        if (Interlocked.CompareExchange(ref _state, Begun, Untouched) != Untouched)
            throw new IOException("A request is written once.");
        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
