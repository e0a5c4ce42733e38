namespace Portal.Simulator.Faults;

/// <summary>A fault that is switched on, and how often it happened.</summary>
internal sealed class Fault(int id, FaultOptions options)
{
    private readonly Lock _gate = new();
    private long _seen;
    private int _fired;

    public int Id => id;

    public FaultOptions Options => options;

    public int Fired
    {
        get
        {
            lock (_gate)
                return _fired;
        }
    }

    public bool TryFire(string apikey, FaultWhen when)
    {
        if (options.When != when || (options.Apikey is { } only && only != apikey))
            return false;
        lock (_gate)
        {
            if (_fired >= options.Times || Due(_seen + 1) == Due(_seen++))
                return false;
            _fired++;
            return true;
        }
    }

    /// <summary>How often it should have happened after so many requests. The small part hides rounding: 10 × 0.1 is 1.</summary>
    private long Due(long requests) => (long)((requests * options.Share) + 1e-9);
}
