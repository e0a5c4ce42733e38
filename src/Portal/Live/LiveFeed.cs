using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portal.Live;

/// <summary>
/// Tells pages of this instance what changed, whoever changed it. A change is published after its commit; changes of one
/// subject that come close together are told once.
/// </summary>
public sealed class LiveFeed(ILogger<LiveFeed> log)
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Subscription, byte>> _subscriptions = new();
    private readonly ConcurrentDictionary<LiveChange, byte> _unsent = new();

    /// <summary>Calls back for every change of this tenant until disposed. The callback must return quickly and not throw.</summary>
    public IDisposable Subscribe(Guid tenantId, Func<LiveChange, Task> callback)
    {
        var subscription = new Subscription(this, tenantId, callback);
        _subscriptions.GetOrAdd(tenantId, _ => new()).TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>Tells all instances within a quarter of a second.</summary>
    public void Publish(Guid tenantId, Guid subjectId) => _unsent.TryAdd(new LiveChange(tenantId, subjectId), 0);

    internal List<LiveChange> TakeUnsent()
    {
        var taken = new List<LiveChange>();
        foreach (var change in _unsent.Keys)
        {
            if (_unsent.TryRemove(change, out _))
                taken.Add(change);
        }
        return taken;
    }

    /// <summary>Changes were missed: whoever looks at anything looks again.</summary>
    internal async Task DeliverAnythingAsync()
    {
        foreach (var tenant in _subscriptions.Keys)
            await DeliverAsync(new LiveChange(tenant, Guid.Empty));
    }

    internal async Task DeliverAsync(LiveChange change)
    {
        if (!_subscriptions.TryGetValue(change.TenantId, out var subscriptions))
            return;
        foreach (var subscription in subscriptions.Keys)
        {
            try
            {
                await subscription.Callback(change);
            }
            catch (Exception e)
            {
                // A page that fails must not keep the news from the others.
                LiveLog.CallbackFailed(log, e);
            }
        }
    }

    private sealed class Subscription(LiveFeed feed, Guid tenantId, Func<LiveChange, Task> callback) : IDisposable
    {
        public Func<LiveChange, Task> Callback => callback;

        public void Dispose()
        {
            if (feed._subscriptions.TryGetValue(tenantId, out var subscriptions))
                subscriptions.TryRemove(this, out _);
        }
    }
}
