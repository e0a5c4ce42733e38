using System.Net;
using System.Net.Sockets;

namespace Portal.Sms.Provider;

/// <summary>
/// Learns from which of our addresses a request leaves. Connections are pooled, so only the write itself knows:
/// it runs in the request's flow, finds the request's note there and leaves the address in it.
/// </summary>
internal sealed class CallNote
{
    private static readonly AsyncLocal<CallNote?> _current = new();

    public IPAddress? LocalAddress { get; private set; }

    /// <summary>A note for the request that the calling method is about to send.</summary>
    public static CallNote Begin() => _current.Value = new CallNote();

    public static void Write(IPAddress? localAddress)
    {
        if (_current.Value is { } note)
            note.LocalAddress = localAddress;
    }
}

/// <summary>A connection that leaves its local address with every request written to it.</summary>
internal sealed class ProviderStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private readonly IPAddress? _localAddress = (socket.LocalEndPoint as IPEndPoint)?.Address;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CallNote.Write(_localAddress);
        return base.WriteAsync(buffer, cancellationToken);
    }
}
