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
    private int _state;

    public OnceContent(ReadOnlyMemory<byte> body)
    {
        _body = body;
        // The parsed header would be written with a blank before "charset", which the provider's document does not have.
        Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=utf-8");
    }

    /// <summary>True when the body has not been begun; from then on it cannot be.</summary>
    public bool TryShut() => Interlocked.CompareExchange(ref _state, Shut, Untouched) != Begun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.CompareExchange(ref _state, Begun, Untouched) == Untouched
            ? stream.WriteAsync(_body, cancellationToken).AsTask()
            : throw new IOException("A request is written once.");

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
