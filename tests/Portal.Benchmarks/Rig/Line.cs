using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>One connection of the portal to the provider, from the provider's side.</summary>
internal sealed class Line(Socket socket) : IDisposable
{
    private byte[] _read = [];

    /// <summary>The head of the next request with its empty line; null when the portal has left.</summary>
    public async Task<string?> HeadAsync(CancellationToken ct)
    {
        while (true)
        {
            var end = _read.AsSpan().IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Encoding.ASCII.GetString(Take(end + 4));
            if (!await MoreAsync(ct))
                return null;
        }
    }

    /// <summary>So many bytes; null when the portal has left before.</summary>
    public async Task<byte[]?> BodyAsync(int length, CancellationToken ct)
    {
        while (_read.Length < length)
        {
            if (!await MoreAsync(ct))
                return null;
        }
        return Take(length);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, ct)..];
    }

    /// <summary>RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>FIN behind what was sent.</summary>
    public void Cut() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Says nothing until the portal leaves.</summary>
    public async Task HoldAsync(CancellationToken ct)
    {
        while (await MoreAsync(ct))
            _read = [];
    }

    public void Dispose() => socket.Dispose();

    private async Task<bool> MoreAsync(CancellationToken ct)
    {
        var more = new byte[16 * 1024];
        var read = await socket.ReceiveAsync(more, ct);
        _read = [.. _read, .. more.AsSpan(0, read)];
        return read > 0;
    }

    private byte[] Take(int length)
    {
        var taken = _read[..length];
        _read = _read[length..];
        return taken;
    }
}
