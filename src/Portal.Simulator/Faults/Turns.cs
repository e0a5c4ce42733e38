namespace Portal.Simulator.Faults;

/// <summary>Whose turn it is: a share of all, spread evenly, and so often in all.</summary>
internal sealed class Turns(double share, int? times)
{
    private readonly Lock _gate = new();
    private long _seen;
    private int _taken;

    public int Taken
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    public bool TryTake()
    {
        lock (_gate)
        {
            if (_taken >= times || Due(_seen + 1) == Due(_seen++))
                return false;
            _taken++;
            return true;
        }
    }

    /// <summary>How often it should have happened after so many. The small part hides rounding: 10 × 0.1 is 1.</summary>
    private long Due(long seen) => (long)((seen * share) + 1e-9);
}
