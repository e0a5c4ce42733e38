using System.Collections.Concurrent;

namespace Portal.Simulator.Ledger;

/// <summary>Everything that was asked and accepted since the start or the last clearing, in memory.</summary>
internal sealed class CallLedger(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, LedgerPage> _pages = new(StringComparer.Ordinal);
    private readonly TrafficMeter _all = new(clock.TimestampFrequency);

    public LedgerPage PageOf(string apikey) =>
        _pages.GetOrAdd(apikey, static (key, frequency) => new LedgerPage(key, frequency), clock.TimestampFrequency);

    /// <summary>The pages of one apikey (none if it never called), or all of them.</summary>
    public IEnumerable<LedgerPage> Pages(string? apikey) =>
        apikey is null ? _pages.Values : _pages.TryGetValue(apikey, out var page) ? [page] : [];

    /// <summary>Counts a request as open until the answer is disposed.</summary>
    public Visit Enter(LedgerPage page, long arrived)
    {
        _all.Enter(arrived);
        page.Traffic.Enter(arrived);
        return new(_all, page.Traffic);
    }

    public LedgerTotals Totals(string? apikey)
    {
        var sum = new LedgerSum();
        foreach (var page in Pages(apikey))
            page.AddTo(sum);
        return sum.With(apikey is null ? _all : PageOf(apikey).Traffic);
    }

    public void Clear()
    {
        _all.Clear();
        foreach (var page in _pages.Values)
            page.Clear();
    }

    internal readonly struct Visit(TrafficMeter all, TrafficMeter one) : IDisposable
    {
        public void Dispose()
        {
            all.Leave();
            one.Leave();
        }
    }
}
