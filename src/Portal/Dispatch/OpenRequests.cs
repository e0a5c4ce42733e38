using System.Collections.Concurrent;

namespace Portal.Dispatch;

/// <summary>The requests that a loop has under way.</summary>
internal sealed class OpenRequests
{
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private TaskCompletionSource _next = New();

    public int Count => _open.Count;

    public void Add(Task request)
    {
        _open.TryAdd(request, 0);
        // Runs at once when it has ended by now. A failure is the request's own to log; here it only frees its place.
        _ = request.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when some request ends.</summary>
    public Task NextAsync() => _open.IsEmpty ? Task.CompletedTask : Volatile.Read(ref _next).Task;

    public async Task DrainAsync()
    {
        foreach (var request in _open.Keys)
            await request.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Ended(Task request)
    {
        _open.TryRemove(request, out _);
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
