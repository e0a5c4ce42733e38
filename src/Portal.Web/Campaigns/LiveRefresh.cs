using System.Globalization;
using Portal.Live;

namespace Portal.Web.Campaigns;

/// <summary>
/// Has a page read again when something that it shows has changed, at most twice a second however much happens. Belongs to
/// the page that made it, and speaks its language: a change comes from elsewhere, with no person's culture.
/// </summary>
internal sealed class LiveRefresh : IDisposable
{
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(500);

    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private readonly Func<Task> _refresh;
    private readonly IDisposable _subscription;
    private int _pending;
    private long _last;

    /// <param name="concerns">Whether a changed subject is shown on the page.</param>
    /// <param name="refresh">Reads and renders, on the page's own thread; it must not throw.</param>
    public LiveRefresh(LiveFeed feed, Guid tenantId, TimeProvider clock, Func<Guid, bool> concerns, Func<Task> refresh)
    {
        (_clock, _refresh) = (clock, refresh);
        _subscription = feed.Subscribe(tenantId, change =>
        {
            if (concerns(change.SubjectId))
                Request();
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    // The feed is not kept waiting: what comes while a refresh is due is covered by it.
    private void Request()
    {
        if (!_stop.IsCancellationRequested && Interlocked.Exchange(ref _pending, 1) == 0)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            var token = _stop.Token;
            var since = _last == 0 ? _least : _clock.GetElapsedTime(_last);
            if (since < _least)
                await Task.Delay(_least - since, _clock, token);
            _last = _clock.GetTimestamp();
            // Before reading: a change during the read asks for another.
            Volatile.Write(ref _pending, 0);
            token.ThrowIfCancellationRequested();
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (_culture, _uiCulture);
            await _refresh();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
