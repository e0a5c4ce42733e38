namespace Portal.Dispatch;

/// <summary>
/// How many requests an account may have open: enough for its rate at the latency of the last answers, and never more than
/// the provider allows. When the provider gets slow, no more requests than needed hang in it, each of which a crash would
/// leave in doubt.
/// </summary>
internal sealed class OpenWindow
{
    private const int Remembered = 100;
    private const int Enough = 20;
    private const double Spare = 1.2;

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _latencies = new(Remembered);

    /// <param name="latency">From the begin to the recorded outcome: so long a place is taken.</param>
    public void Answered(TimeSpan latency)
    {
        lock (_lock)
        {
            if (_latencies.Count == Remembered)
                _latencies.Dequeue();
            _latencies.Enqueue(latency);
        }
    }

    /// <param name="rate">Requests a second.</param>
    /// <param name="concurrency">Open requests that the provider allows.</param>
    public int Size(double rate, int concurrency)
    {
        lock (_lock)
        {
            if (_latencies.Count < Enough)
                return concurrency;
            var p95 = _latencies.Order().ElementAt((int)(_latencies.Count * 0.95) - 1);
            return Math.Clamp((int)Math.Ceiling(rate * p95.TotalSeconds * Spare), Math.Min(2, concurrency), concurrency);
        }
    }
}
