using System.Diagnostics;

namespace Portal.Benchmarks.Rig;

/// <summary>How far this process' memory (RSS) grew above where it stood, at its highest.</summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly long _before = Now();
    private readonly Task _watching;
    private long _peak;

    public PeakMemory() => _watching = WatchAsync();

    public double GrowthMb => Math.Max(0, Math.Max(Interlocked.Read(ref _peak), Now()) - _before) / 1048576.0;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _peak, Math.Max(Interlocked.Read(ref _peak), Now()));
            await Task.Delay(20, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long Now()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
