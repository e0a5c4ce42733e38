using System.Globalization;
using Portal.Live;

namespace Portal.Web.Shell;

/// <summary>
/// Has a page read again when something that it shows has changed, at most twice a second however much happens. Belongs to
/// the page that made it, and speaks its language: a change comes from elsewhere, with no person's culture.
/// </summary>
internal sealed class LiveRefresh : IDisposable
{
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(500);

    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly PageLife _stop = new();
    private readonly TimeProvider _clock;
    private readonly Func<Task> _refresh;
    private readonly IDisposable _subscription;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private int _pending;
    private long _last;
    private TimeSpan _pause = _least;

    /// <param name="concerns">Whether a changed subject is shown on the page.</param>
    /// <param name="refresh">Reads and renders, on the page's own thread; it must not throw.</param>
    public LiveRefresh(LiveFeed feed, Guid tenantId, TimeProvider clock, Func<Guid, bool> concerns, Func<Task> refresh)
    {
        (_clock, _refresh) = (clock, refresh);
        _subscription = feed.Subscribe(tenantId, change =>
        {
            if (change.SubjectId == Guid.Empty || concerns(change.SubjectId))
                Request();
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _stop.Dispose();
        _reading.Dispose();
    }

    // The feed is not kept waiting: what comes while a refresh is due is covered by it.
    private void Request()
    {
        if (!_stop.Token.IsCancellationRequested && Interlocked.Exchange(ref _pending, 1) == 0)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            // One at a time; what a slow read costs, the pause after it doubles.
            await _reading.WaitAsync(_stop.Token);
            try
            {
                await ReadAsync(_stop.Token);
            }
            finally
            {
                _reading.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var since = _last == 0 ? _pause : _clock.GetElapsedTime(_last);
        if (since < _pause)
            await Task.Delay(_pause - since, _clock, ct);
        // Before reading: a change during the read asks for another.
        Volatile.Write(ref _pending, 0);
        ct.ThrowIfCancellationRequested();
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _uiCulture);
        var began = _clock.GetTimestamp();
        await _refresh();
        _last = _clock.GetTimestamp();
        var took = _clock.GetElapsedTime(began, _last);
        _pause = took * 2 > _least ? took * 2 : _least;
    }
}
