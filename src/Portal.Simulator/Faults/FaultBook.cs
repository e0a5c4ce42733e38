using System.Collections.Immutable;

namespace Portal.Simulator.Faults;

/// <summary>The faults that are switched on, oldest first. The first one that is due happens.</summary>
internal sealed class FaultBook
{
    private ImmutableList<Fault> _faults = [];
    private int _lastId;

    public IReadOnlyList<Fault> All => _faults;

    public int Add(FaultOptions options)
    {
        var fault = new Fault(Interlocked.Increment(ref _lastId), options);
        ImmutableInterlocked.Update(ref _faults, faults => faults.Add(fault));
        return fault.Id;
    }

    public FaultOptions? Take(string apikey, FaultWhen when)
    {
        var faults = _faults;
        if (faults.IsEmpty)
            return null;
        return faults.Find(fault => fault.TryFire(apikey, when))?.Options;
    }

    public bool Remove(int id) => ImmutableInterlocked.Update(ref _faults, faults => faults.RemoveAll(fault => fault.Id == id));

    public void Clear() => ImmutableInterlocked.Update(ref _faults, faults => faults.Clear());
}
