namespace Portal.Simulator.Faults;

/// <summary>A fault that is switched on, and how often it happened.</summary>
internal sealed class Fault(int id, FaultOptions options)
{
    private readonly Turns _turns = new(options.Share, options.Times);

    public int Id => id;

    public FaultOptions Options => options;

    public int Fired => _turns.Taken;

    public bool TryFire(string apikey, FaultWhen when) =>
        options.When == when && (options.Apikey is not { } only || only == apikey) && _turns.TryTake();
}
