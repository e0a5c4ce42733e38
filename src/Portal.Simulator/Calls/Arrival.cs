using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Portal.Simulator.Calls;

/// <summary>
/// When a request came in. Where the system tells, that is when it had the request's bytes, not when this process got round to
/// them: on a busy machine what waited together would else be counted together, though it came one after the other.
/// </summary>
internal static class Arrival
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int LastDataReceived = 52;

    // The system counts in ticks of a few milliseconds: what it says may be as much too long.
    private const long TickMs = 4;

    public static long Of(HttpContext http, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        return clock == TimeProvider.System && OperatingSystem.IsLinux() && http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
            ? now - (Math.Max(0, WaitedMs(socket) - TickMs) * clock.TimestampFrequency / 1000)
            : now;
    }

    /// <summary>Milliseconds since the last byte came; 0 when nobody knows.</summary>
    private static long WaitedMs(Socket socket)
    {
        Span<byte> info = stackalloc byte[LastDataReceived + sizeof(uint)];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, info) == info.Length ? MemoryMarshal.Read<uint>(info[LastDataReceived..]) : 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
