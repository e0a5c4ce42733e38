using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Portal.Benchmarks.Rig;

/// <summary>
/// What lies between the portal and the provider: passes requests on, and once it is broken plays every trouble in turn.
/// In between nobody listens for a moment, so that connections are refused, or hangs up on whoever calls.
/// </summary>
internal sealed class BadNetwork : IAsyncDisposable
{
    private const int Moment = 300;

    private readonly int _port = Scratch.FreePort();
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly int[] _played = new int[Trouble.All.Count];
    private readonly HashSet<Line> _idle = [];
    private HttpClient? _provider;
    private Task _listening = Task.CompletedTask;
    private int _every;
    private int _requests;
    private int _hungUp;
    private int _hangUpNext;

    /// <summary>The troubles, and the connections that were hung up on, with how often each came up.</summary>
    public IReadOnlyList<(Trouble Trouble, int Times)> Played
    {
        get
        {
            lock (_gate)
                return [.. Trouble.All.Select((t, i) => (t, _played[i])), (new("hung up on, and then nobody listens", false, true, (_, _, _) => Task.FromResult(false)), _hungUp)];
        }
    }

    /// <summary>Begins to listen in front of the provider; answers the address to call instead.</summary>
    public string Open(string provider)
    {
        _provider = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(provider) };
        _listening = ListenAsync();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");
    }

    /// <summary>From now on every n-th request meets the next trouble.</summary>
    public void Break(int every) => Volatile.Write(ref _every, every);

    public void Mend() => Volatile.Write(ref _every, 0);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _listening;
        _provider?.Dispose();
        _over.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            using var listener = new TcpListener(IPAddress.Loopback, _port);
            listener.Start();
            try
            {
                await AcceptAsync(listener);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            listener.Stop();
            await Task.Delay(Moment);
        }
    }

    /// <summary>Until it is time to be away.</summary>
    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            var line = new Line(await listener.AcceptSocketAsync(_over.Token));
            if (Interlocked.Exchange(ref _hangUpNext, 0) > 0)
            {
                HangUp(line);
                return;
            }
            _ = ServeAsync(line);
        }
    }

    private async Task ServeAsync(Line line)
    {
        try
        {
            while (await RequestAsync(line))
            {
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException or HttpRequestException)
        {
            // Either side has left.
        }
        finally
        {
            // Under the gate: whoever hangs up on the idle ones must not meet one that is gone.
            lock (_gate)
            {
                _idle.Remove(line);
                line.Dispose();
            }
        }
    }

    private async Task<bool> RequestAsync(Line line)
    {
        lock (_gate)
            _idle.Add(line);
        var head = await line.HeadAsync(_over.Token);
        lock (_gate)
            _idle.Remove(line);
        if (head is null)
            return false;
        var trouble = Next();
        if (await line.BodyAsync(LengthOf(head), _over.Token) is not { } body)
            return false;
        return await trouble.Play(line, trouble.Arrives ? await PassAsync(head, body) : [], _over.Token);
    }

    private Trouble Next()
    {
        lock (_gate)
        {
            if (_every == 0 || ++_requests % _every != 0)
                return Trouble.None;
            // It has waited long enough for a new connection: somebody will need one now.
            if (_hangUpNext > 0)
                HangUpOnIdle();
            var turn = _requests / _every % (Trouble.All.Count + 1);
            if (turn < Trouble.All.Count)
            {
                _played[turn]++;
                return Trouble.All[turn];
            }
        }
        // The next connection is hung up on, and then nobody listens for a moment.
        Volatile.Write(ref _hangUpNext, 1);
        return Trouble.None;
    }

    private async Task<byte[]> PassAsync(string head, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        using var answer = await _provider!.PostAsync(head.Split(' ')[1], content, _over.Token);
        return Trouble.Answer($"{(int)answer.StatusCode} {answer.ReasonPhrase}", await answer.Content.ReadAsStringAsync(_over.Token));
    }

    // What waits for its next request meets a reset as well: the portal has to connect anew.
    private void HangUp(Line caller)
    {
        lock (_gate)
        {
            _hungUp++;
            caller.Reset();
            HangUpOnIdle();
        }
    }

    private void HangUpOnIdle()
    {
        _hungUp += _idle.Count;
        foreach (var line in _idle)
            line.Reset();
    }

    private static int LengthOf(string head) => int.Parse(
        head.Split("\r\n").First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))["Content-Length:".Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
}
