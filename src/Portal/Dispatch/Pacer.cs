namespace Portal.Dispatch;

/// <summary>
/// Grants instants, evenly spaced at a rate: never a burst, since the provider counts over any second. Slows down when
/// the provider says so (105) and creeps back.
/// </summary>
internal sealed class Pacer(int rate, TimeProvider clock)
{
    private const double Slower = 0.8;
    private const double Faster = 1.01;
    private const double Lowest = 0.1;

    private readonly Lock _lock = new();
    private long _next = clock.GetTimestamp();
    private double _share = 1;

    /// <summary>Waits for the next instant.</summary>
    public Task WaitAsync(CancellationToken ct)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var slot = Math.Max(now, _next);
            _next = slot + (long)(clock.TimestampFrequency / (rate * _share));
            _share = Math.Min(1, _share * Faster);
            wait = clock.GetElapsedTime(now, slot);
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, ct) : Task.CompletedTask;
    }

    public void SlowDown()
    {
        lock (_lock)
            _share = Math.Max(Lowest, _share * Slower);
    }
}
