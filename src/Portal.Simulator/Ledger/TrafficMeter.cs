using Portal.Simulator.Accounts;

namespace Portal.Simulator.Ledger;

/// <summary>Counts arrivals: how many are open at once, how many came in one sliding second. Refused ones count too.</summary>
internal sealed class TrafficMeter(long ticksPerSecond)
{
    private readonly Lock _gate = new();
    private SlidingSecond _second = new(ticksPerSecond);
    private long _requests;
    private int _open;
    private int _maxOpen;
    private int _maxPerSecond;

    public (long Requests, int Open, int MaxOpen, int MaxPerSecond) Read()
    {
        lock (_gate)
            return (_requests, _open, _maxOpen, _maxPerSecond);
    }

    public void Enter(long arrived)
    {
        lock (_gate)
        {
            _requests++;
            _maxOpen = Math.Max(_maxOpen, ++_open);
            _maxPerSecond = Math.Max(_maxPerSecond, _second.Add(arrived));
        }
    }

    public void Leave()
    {
        lock (_gate)
            _open--;
    }

    /// <summary>Forgets the past. What is open now stays open.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _second = new(ticksPerSecond);
            (_requests, _maxOpen, _maxPerSecond) = (0, _open, 0);
        }
    }
}
