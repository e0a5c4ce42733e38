using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>
/// Pushes receipts over many connections that are kept open, as fast as they are answered or at a rate. A program of its own
/// (<c>push</c>), since it is half of the load; what it saw it prints.
/// </summary>
internal sealed class ReceiptLoad(IPEndPoint target, LoadPlan plan)
{
    private const int Bucket = 100;
    private readonly long[] _latency = new long[100_000];
    private readonly long[] _acks = new long[(plan.Seconds + 20) * 50];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _next = plan.First;
    private long _ok;
    private long _failed;

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var plan = new LoadPlan(options.Text("apikey") ?? "", options.Number("connections", 512), options.Number("seconds", 10), int.Parse(options.Text("rate") ?? "0", CultureInfo.InvariantCulture),
            long.Parse(options.Text("first") ?? "0", CultureInfo.InvariantCulture), long.Parse(options.Text("count") ?? "0", CultureInfo.InvariantCulture), Enum.Parse<Bodies>(options.Text("bodies") ?? nameof(Bodies.Receipts)));
        var load = new ReceiptLoad(IPEndPoint.Parse(options.Text("to")!), plan);
        var startedAt = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(i => load.PushAsync(i, ct)));
        Console.WriteLine(load.Said(startedAt));
        return 0;
    }

    private async Task PushAsync(int connection, CancellationToken ct)
    {
        var (request, reply) = (new byte[16_384], new byte[2048]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target, ct);
        var every = plan.Rate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)plan.Connections / plan.Rate);
        var due = every * connection / plan.Connections;
        while (TimeProvider.System.GetElapsedTime(_start) < TimeSpan.FromSeconds(plan.Seconds))
        {
            if (every > TimeSpan.Zero)
            {
                var wait = due - TimeProvider.System.GetElapsedTime(_start);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, ct);
                due += every;
            }
            var n = Interlocked.Increment(ref _next) - 1;
            if (plan.Count > 0 && n >= plan.First + plan.Count)
                return;
            var length = Write(request, n);
            var sent = TimeProvider.System.GetTimestamp();
            await socket.SendAsync(request.AsMemory(0, length), SocketFlags.None, ct);
            var read = await socket.ReceiveAsync(reply.AsMemory(), SocketFlags.None, ct);
            Note(reply.AsSpan(0, read), TimeProvider.System.GetElapsedTime(sent));
        }
    }

    private int Write(byte[] request, long n)
    {
        var body = PushedReceipt.Of(plan.Bodies, plan.ApiKey, n);
        var head = Encoding.ASCII.GetBytes($"POST /receipts HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n", request);
        body.CopyTo(request, head);
        return head + body.Length;
    }

    // The answer is one packet: status line, headers, and the two letters.
    private void Note(ReadOnlySpan<byte> reply, TimeSpan took)
    {
        if (!reply.StartsWith("HTTP/1.1 200"u8) || !reply.EndsWith("\r\n\r\nOK"u8))
        {
            Interlocked.Increment(ref _failed);
            return;
        }
        Interlocked.Increment(ref _ok);
        Interlocked.Increment(ref _latency[Math.Min(_latency.Length - 1, (long)took.TotalMicroseconds / Bucket)]);
        Interlocked.Increment(ref _acks[Math.Min(_acks.Length - 1, (long)TimeProvider.System.GetElapsedTime(_start).TotalMilliseconds / LoadResult.Step)]);
    }

    private string Said(DateTimeOffset startedAt) => string.Join(' ', (long[])
        [_ok, _failed, Percentile(0.5), Percentile(0.99), startedAt.ToUnixTimeMilliseconds(), .. _acks]);

    private long Percentile(double share)
    {
        var (left, at) = ((long)(_ok * share), 0);
        while (at < _latency.Length - 1 && left >= _latency[at])
            left -= _latency[at++];
        return at * Bucket;
    }
}

/// <param name="Rate">Receipts a second over all connections; 0: as fast as they are answered.</param>
/// <param name="First">Where the receipts begin.</param>
/// <param name="Count">How many there are; 0: as many as the time allows.</param>
internal sealed record LoadPlan(string ApiKey, int Connections, int Seconds, int Rate = 0, long First = 0, long Count = 0, Bodies Bodies = Bodies.Receipts);

/// <summary>What a load saw.</summary>
/// <param name="Acks">Answers of OK in each 20 ms from the start.</param>
internal sealed record LoadResult(long Ok, long Failed, double MedianMs, double P99Ms, DateTimeOffset StartedAt, long[] Acks)
{
    public const int Step = 20;

    public static async Task<LoadResult> RunAsync(string address, LoadPlan plan, CancellationToken ct)
    {
        string[] words = ["push", "--to", new Uri(address).Authority, "--apikey", plan.ApiKey, "--connections", Text(plan.Connections), "--seconds", Text(plan.Seconds), "--rate", Text(plan.Rate), "--first", Text(plan.First), "--count", Text(plan.Count), "--bodies", plan.Bodies.ToString()];
        // Answers are handled where they are read: no thread is woken for each.
        var settings = new Dictionary<string, string?> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1", ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1", ["DOTNET_gcServer"] = "0" };
        await using var child = Child.Start(typeof(LoadResult).Assembly.Location, words, settings);
        await Wait.UntilAsync(_ => Task.FromResult(!child.Running), TimeSpan.FromSeconds(plan.Seconds + 60), () => "The load does not end:\n" + child.Tail, ct);
        if (child.ExitCode != 0)
            throw new InvalidOperationException("The load failed:\n" + child.Tail);
        var said = (await child.LastLineAsync()).Split(' ').Select(w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray();
        return new LoadResult(said[0], said[1], said[2] / 1000.0, said[3] / 1000.0, DateTimeOffset.FromUnixTimeMilliseconds(said[4]), said[5..]);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
