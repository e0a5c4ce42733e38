namespace Portal.Dispatch;

/// <summary>
/// Grants instants: evenly spaced, and never more than the rate in any second, since the provider may count over any one.
/// What a hiccup lost is caught up as far as that rule allows. Slows down when the provider says so (105), and comes back to
/// just below what it refused; a minute later it tries for more. One caller at a time waits.
/// An instant is granted a moment before it comes, so that the commit which must stand before the request does not make the
/// requests uneven.
/// </summary>
internal sealed class Pacer
{
    private const double Slower = 0.9;
    private const double BelowRefused = 0.97;
    private const double Lowest = 0.05;
    private const double ComesBackPerSecond = 0.05;
    private const double TriesForMorePerSecond = 0.01;

    // How far behind its even spacing it may be and still catch up.
    private static readonly TimeSpan _debt = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _oneEpisode = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _remembers = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);

    // Time for the commit before the first byte.
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(20);

    // What leaves late keeps so much of the even spacing.
    private const double Apart = 0.8;

    // May be taken from the spacing of what is late.
    private static readonly TimeSpan _timersLateness = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Queue<long> _lastSecond = new();
    private readonly Queue<long> _leftLastSecond = new();
    private readonly long _second;
    private readonly long _leftSecond;
    private readonly long _zero;
    private readonly DateTimeOffset _zeroUtc;
    private Task _before = Task.CompletedTask;
    private int _rate;
    private long _slot;
    private long _nextGrant;
    private long _nextLeaves;
    private double _share = 1;
    private double _ceiling = 1;
    private long _slowedAt;
    private long _sharedAt;

    /// <param name="rate">Requests a second, from 1 on.</param>
    /// <param name="clock">Gives the instants.</param>
    public Pacer(int rate, TimeProvider clock)
    {
        // A two-hundredth more than a second: what leaves on its instant does not arrive on it, and the provider counts arrivals.
        // What leaves late may follow a little closer, or the lateness would grow.
        (_rate, _clock, _second, _leftSecond) = (rate, clock, clock.TimestampFrequency * 1005 / 1000, clock.TimestampFrequency * 1004 / 1000);
        (_zero, _zeroUtc) = (clock.GetTimestamp(), clock.GetUtcNow());
        // Whoever paced this account before may have granted one just now: the first waits a whole interval.
        _nextGrant = _sharedAt = _slot = _nextLeaves = _zero;
        _slowedAt = _zero - (2 * Ticks(_remembers));
    }

    /// <summary>The rate that it keeps to just now, in requests a second.</summary>
    public double Rate
    {
        get
        {
            lock (_lock)
                return _rate * _share;
        }
    }

    /// <summary>A person changed the account's rate.</summary>
    public void Change(int rate)
    {
        lock (_lock)
            _rate = rate;
    }

    /// <summary>Waits until shortly before the next instant and answers it; <see cref="LeaveAsync"/> waits for the rest.</summary>
    public async Task<DateTimeOffset> WaitAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            TimeSpan wait;
            lock (_lock)
            {
                var soon = _clock.GetTimestamp() + Ticks(_lead);
                var due = DueAt(soon);
                if (due <= soon)
                {
                    Grant(soon);
                    return _zeroUtc + _clock.GetElapsedTime(_zero, soon);
                }
                wait = _clock.GetElapsedTime(soon, due);
            }
            await Task.Delay(wait < _shortest ? _shortest : wait, _clock, ct);
        }
    }

    /// <summary>
    /// Waits until an instant that was granted has come; and, where what was granted before left late, a moment longer: what
    /// leaves in any second is counted too. What is late leaves in its turn and not in a clump: what a cold process held up
    /// together would arrive on top of what leaves a second later, and so again every second.
    /// </summary>
    public async Task LeaveAsync(DateTimeOffset granted, CancellationToken ct)
    {
        var left = granted - (_zeroUtc + _clock.GetElapsedTime(_zero));
        if (left > TimeSpan.Zero)
            await Task.Delay(left, _clock, ct);
        var gone = new TaskCompletionSource();
        try
        {
            await Interlocked.Exchange(ref _before, gone.Task).WaitAsync(ct);
            while (LeaveNow() is { } wait)
                await Task.Delay(wait < _shortest ? _shortest : wait, _clock, ct);
        }
        finally
        {
            gone.SetResult();
        }
    }

    /// <summary>The provider said that it was too much. Answers to requests that were under way together count once.</summary>
    public void SlowDown()
    {
        lock (_lock)
        {
            var now = _clock.GetTimestamp();
            if (_clock.GetElapsedTime(_slowedAt, now) < _oneEpisode)
                return;
            Recover(now);
            _slowedAt = now;
            _ceiling = Math.Max(Lowest, _share * BelowRefused);
            _share = Math.Max(Lowest, _share * Slower);
        }
    }

    /// <returns>Null: it leaves, and is counted. Otherwise how long there is no room.</returns>
    private TimeSpan? LeaveNow()
    {
        lock (_lock)
        {
            var now = _clock.GetTimestamp();
            while (_leftLastSecond.TryPeek(out var oldest) && now - oldest >= _leftSecond)
                _leftLastSecond.Dequeue();
            var due = _nextLeaves - Ticks(_timersLateness);
            if (_leftLastSecond.Count >= Most)
                due = Math.Max(due, _leftLastSecond.ElementAt(_leftLastSecond.Count - Most) + _leftSecond);
            if (due > now)
                return _clock.GetElapsedTime(now, due);
            _nextLeaves = Math.Max(_nextLeaves, now) + (long)(Interval * Apart);
            _leftLastSecond.Enqueue(now);
            return null;
        }
    }

    private int Most => Math.Max(1, (int)(_rate * _share));

    private double Interval => _clock.TimestampFrequency / (_rate * _share);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);

    private long DueAt(long now)
    {
        Recover(now);
        var interval = (long)Interval;
        var next = Math.Max(_slot + interval, now - Ticks(_debt));
        // Catching up, it keeps half the spacing: no burst. On the average, or at a high rate a timer's lateness is never caught up.
        next = Math.Max(next, _nextGrant - Ticks(_timersLateness));
        while (_lastSecond.TryPeek(out var oldest) && now - oldest >= _second)
            _lastSecond.Dequeue();
        return _lastSecond.Count < Most ? next : Math.Max(next, _lastSecond.ElementAt(_lastSecond.Count - Most) + _second);
    }

    private void Grant(long now)
    {
        var interval = (long)Interval;
        _slot = Math.Max(_slot + interval, now - Ticks(_debt));
        // Never ahead of the clock: an idle time is no credit.
        _slot = Math.Min(_slot, now);
        _nextGrant = Math.Max(_nextGrant, now) + (interval / 2);
        _lastSecond.Enqueue(now);
    }

    private void Recover(long now)
    {
        var seconds = _clock.GetElapsedTime(_sharedAt, now).TotalSeconds;
        _sharedAt = now;
        if (_clock.GetElapsedTime(_slowedAt, now) > _remembers)
            _ceiling = Math.Min(1, _ceiling + (seconds * TriesForMorePerSecond));
        _share = Math.Min(_ceiling, _share + (seconds * ComesBackPerSecond));
    }
}
