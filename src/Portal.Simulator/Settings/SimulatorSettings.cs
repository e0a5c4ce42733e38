namespace Portal.Simulator.Settings;

/// <summary>What can be changed while the simulator runs. Read without locks: each value stands for itself.</summary>
internal sealed class SimulatorSettings
{
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private int _latencyMs;
    private int _jitterMs;
    private double _timeScale = 1;
    private long _replies;

    public int LatencyMs => Volatile.Read(ref _latencyMs);

    public int JitterMs => Volatile.Read(ref _jitterMs);

    /// <summary>Factor on the 5, 15 and 30 minutes between pushes of a receipt.</summary>
    public double TimeScale => Volatile.Read(ref _timeScale);

    public void Change(SettingsChange change)
    {
        Volatile.Write(ref _latencyMs, change.LatencyMs ?? LatencyMs);
        Volatile.Write(ref _jitterMs, change.JitterMs ?? JitterMs);
        Volatile.Write(ref _timeScale, change.TimeScale ?? TimeScale);
    }

    /// <summary>Latency plus a jitter that repeats from run to run: it follows from the count of replies.</summary>
    public TimeSpan NextLatency()
    {
        var jitter = JitterMs;
        if (jitter == 0)
            return TimeSpan.FromMilliseconds(LatencyMs);
        var mixed = unchecked((ulong)Interlocked.Increment(ref _replies) * Spread) >> 32;
        return TimeSpan.FromMilliseconds(LatencyMs + (int)(mixed % (ulong)(jitter + 1)));
    }
}
