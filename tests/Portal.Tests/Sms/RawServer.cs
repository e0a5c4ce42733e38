using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Sms;

/// <summary>A server below HTTP: a script says what it does with each connection, and it counts every POST whose head arrived.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Func<Conversation, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<Conversation, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Connections => Volatile.Read(ref _connections);

    public ConcurrentQueue<string> Posts { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _conversations.Add(ConverseAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // the end of the test
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        using var conversation = new Conversation(this, socket, _stop.Token);
        try
        {
            await _script(conversation);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the client went away, or the test ended
        }
    }

    internal sealed class Conversation(RawServer server, Socket socket, CancellationToken stop) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);

        public CancellationToken Stop => stop;

        public Stream Stream => _stream;

        /// <summary>Reads one request with its body; null when the client closed instead.</summary>
        public async Task<string?> ReadAsync()
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await _stream.ReadAsync(one, stop) == 0)
                    return null;
                head.Append((char)one[0]);
            }
            var length = head.ToString().Split("\r\n")
                .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                .Select(line => int.Parse(line.AsSpan(15), CultureInfo.InvariantCulture))
                .Single();
            server.Posts.Enqueue(head.ToString());
            var body = new byte[length];
            await _stream.ReadExactlyAsync(body, stop);
            return head + Encoding.UTF8.GetString(body);
        }

        public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);

        public Task AnswerAsync(string body, string status = "200 OK", string headers = "") =>
            SendAsync($"HTTP/1.1 {status}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

        /// <summary>Ends the connection with a reset instead of an orderly close.</summary>
        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }

        public Task HangAsync() => Task.Delay(Timeout.Infinite, stop);

        public void Dispose() => _stream.Dispose();
    }
}
