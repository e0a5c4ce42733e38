namespace Portal.Simulator.Calls;

/// <summary>
/// Ids like the document's: far above 2^53, unique and increasing, also over restarts (the upper bits are milliseconds).
/// Before August 2020, the time of the document's example, they count up from exactly that example.
/// </summary>
internal sealed class TaskIds(TimeProvider clock)
{
    private const long DocumentExample = 857319414809231360;
    private const int BitsBelowMilliseconds = 22;
    private static readonly DateTimeOffset _epoch = new(2014, 2, 10, 0, 0, 0, TimeSpan.Zero);
    private long _last = DocumentExample - 1;

    public long Next()
    {
        var byTime = (long)(clock.GetUtcNow() - _epoch).TotalMilliseconds << BitsBelowMilliseconds;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, byTime);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
