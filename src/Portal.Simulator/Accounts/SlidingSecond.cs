namespace Portal.Simulator.Accounts;

/// <summary>The events of the last second, exactly. Not thread-safe: its owner holds the lock.</summary>
internal sealed class SlidingSecond(long ticksPerSecond)
{
    private readonly Queue<long> _events = new();
    private long _last = long.MinValue;

    /// <summary>How many events lie less than one second before <paramref name="now"/>.</summary>
    public int Count(long now)
    {
        while (_events.TryPeek(out var oldest) && now - oldest >= ticksPerSecond)
            _events.Dequeue();
        return _events.Count;
    }

    public int Add(long now)
    {
        // Threads may report in another order than they read the clock: time never runs backwards here.
        _last = Math.Max(_last, now);
        _events.Enqueue(_last);
        return Count(_last);
    }
}
