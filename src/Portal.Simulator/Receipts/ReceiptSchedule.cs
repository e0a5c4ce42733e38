using Portal.Simulator.Accounts;
using Portal.Simulator.Ledger;
using Portal.Simulator.Settings;

namespace Portal.Simulator.Receipts;

/// <summary>The receipts that wait for their time.</summary>
internal sealed class ReceiptSchedule(ReceiptOptions options, ReceiptFaults faults, SimulatorSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Provider document section 4.4: pushed again 3 times, after 5, 15 and 30 minutes.</summary>
    private static readonly TimeSpan[] _waits = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Receipt, DateTimeOffset> _queue = new();
    private readonly SemaphoreSlim _added = new(0);

    public Uri? TargetOf(Account account) => account.Options.PushUrl ?? options.PushUrl;

    /// <returns>For how long the reply is held back, so that a receipt comes before it.</returns>
    public TimeSpan Add(Account account, ReceiptCounts counts, long taskId, long[] numbers)
    {
        if (TargetOf(account) is null)
            return TimeSpan.Zero;
        var (now, held) = (clock.GetUtcNow(), 0);
        var planned = new List<(Receipt Receipt, DateTimeOffset Due)>(numbers.Length);
        foreach (var number in numbers)
        {
            var fault = faults.Take(account.Options.Apikey);
            if (fault is { Kind: ReceiptFaultKind.BeforeReply })
                held = Math.Max(held, fault.HoldMs);
            var receipt = new Receipt(account, counts, taskId, number, now + Outcome.DelayOf(number, account.Options.Delivery), Push: 1);
            planned.AddRange(PlannedReceipts.Of(receipt, fault, now, settings.TimeScale));
        }
        counts.Scheduled(planned.Count);
        lock (_gate)
        {
            foreach (var (receipt, due) in planned)
                _queue.Enqueue(receipt, due);
        }
        _added.Release();
        return TimeSpan.FromMilliseconds(held);
    }

    /// <summary>After a push that was not answered OK. False when it was the last one.</summary>
    public bool TryAgain(Receipt receipt)
    {
        if (WaitAfter(receipt.Push, settings.TimeScale) is not { } wait)
            return false;
        lock (_gate)
            _queue.Enqueue(receipt with { Push = receipt.Push + 1 }, clock.GetUtcNow() + wait);
        _added.Release();
        return true;
    }

    internal static TimeSpan? WaitAfter(int push, double timeScale) => push <= _waits.Length ? _waits[push - 1] * timeScale : null;

    public bool TryTakeDue(out Receipt receipt)
    {
        lock (_gate)
        {
            if (_queue.TryPeek(out receipt, out var due) && due <= clock.GetUtcNow())
            {
                _queue.Dequeue();
                return true;
            }
            return false;
        }
    }

    /// <summary>Returns when something waits for its time, at once if something does already.</summary>
    public async Task UntilSomethingWaitsAsync(CancellationToken cancellationToken)
    {
        while (IsEmpty())
            await _added.WaitAsync(cancellationToken);
    }

    public void Dispose() => _added.Dispose();

    private bool IsEmpty()
    {
        lock (_gate)
            return _queue.Count == 0;
    }
}
