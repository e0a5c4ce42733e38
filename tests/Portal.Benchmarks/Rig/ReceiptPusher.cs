using System.Collections.Concurrent;
using System.Text;

namespace Portal.Benchmarks.Rig;

/// <summary>
/// Pushes one receipt after the other, as a provider that is more patient than the real one: what is not answered OK it pushes
/// again until it is. It knows which were answered.
/// </summary>
internal sealed class ReceiptPusher : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentQueue<long> _again = new();
    private readonly ConcurrentDictionary<long, byte> _taken = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _target;
    private readonly string _apiKey;
    private readonly int _most;
    private readonly Task _work;
    private long _next;
    private long _refused;
    private volatile bool _ending;

    /// <param name="most">People that receipts can be about.</param>
    /// <param name="connections">How many push at once, each some 50 times a second.</param>
    public ReceiptPusher(string address, string apiKey, int most, int connections = 32)
    {
        (_target, _apiKey, _most) = (new Uri(address + "/receipts"), apiKey, most);
        _work = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => PushAsync(_over.Token)));
    }

    /// <summary>Receipts that were pushed at least once.</summary>
    public long Begun => Math.Min(Interlocked.Read(ref _next), _most);

    /// <summary>Pushes that were not answered OK.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Receipts that were answered OK.</summary>
    public long Taken => _taken.Count;

    public IEnumerable<string> TakenNumbers => _taken.Keys.Select(n => (PushedReceipt.FirstNumber + n).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Begins no more; returns when all that were begun are answered OK.</summary>
    public Task FinishAsync()
    {
        _ending = true;
        return _work;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await ((Task)_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _over.Dispose();
    }

    private async Task PushAsync(CancellationToken ct)
    {
        while (!_ending || Taken < Begun)
        {
            if (Next() is not { } n)
            {
                await Task.Delay(_pause, ct);
                continue;
            }
            if (await TryAsync(n, ct))
            {
                _taken.TryAdd(n, 0);
                await Task.Delay(_pause, ct);
                continue;
            }
            Interlocked.Increment(ref _refused);
            _again.Enqueue(n);
            await Task.Delay(_afterFailure, ct);
        }
    }

    private long? Next()
    {
        if (_again.TryDequeue(out var again))
            return again;
        if (_ending || Interlocked.Read(ref _next) >= _most)
            return null;
        var next = Interlocked.Increment(ref _next) - 1;
        return next < _most ? next : null;
    }

    private async Task<bool> TryAsync(long n, CancellationToken ct)
    {
        try
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(PushedReceipt.Body(_apiKey, n)));
            using var answer = await _http.PostAsync(_target, content, ct);
            return await answer.Content.ReadAsStringAsync(ct) == "OK";
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
