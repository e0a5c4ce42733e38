using System.Collections.Concurrent;

namespace Portal.Contacts;

/// <summary>Imports that run on after their page has answered: a few at a time, and stopped with the portal.</summary>
internal sealed class ImportRunner(ImportWork work) : IAsyncDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Guid, Task> _running = new();

    public void Begin(ClaimedImport claim)
    {
        var run = Task.Run(() => RunAsync(claim), CancellationToken.None);
        _running[claim.Id] = run;
        // The entry must go also when the run was quicker than this line.
        _ = run.ContinueWith(_ => _running.TryRemove(new(claim.Id, run)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task RunAsync(ClaimedImport claim)
    {
        await _places.WaitAsync(CancellationToken.None);
        try
        {
            await work.RunAsync(claim, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the portal stops: the import waits to be run again
        }
        finally
        {
            _places.Release();
        }
    }
}
