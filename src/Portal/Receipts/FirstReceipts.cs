using System.Collections.Concurrent;

namespace Portal.Receipts;

/// <summary>
/// Which tenants' last receipts were not the first of their messages. The others' are written as first ones, without asking
/// for each what is written of its message already: the key refuses a second first one, and then it is asked after all.
/// </summary>
internal sealed class FirstReceipts
{
    private readonly ConcurrentDictionary<Guid, bool> _repeating = new();

    public bool AreExpected(Guid tenantId) => !_repeating.ContainsKey(tenantId);

    /// <param name="repeated">Something was written of their messages already.</param>
    public void Saw(Guid tenantId, bool repeated)
    {
        if (repeated)
            _repeating[tenantId] = true;
        else
            _repeating.TryRemove(tenantId, out _);
    }
}
