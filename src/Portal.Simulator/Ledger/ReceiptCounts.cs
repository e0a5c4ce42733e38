namespace Portal.Simulator.Ledger;

/// <summary>
/// Pushed = requests made; ok and failed = how they were answered; lost = receipts given up after the fourth failure;
/// waiting = receipts that are neither taken nor lost yet.
/// </summary>
internal sealed record ReceiptTotals(long Pushed, long Ok, long Failed, long Lost, long Waiting)
{
    public static ReceiptTotals operator +(ReceiptTotals a, ReceiptTotals b) =>
        new(a.Pushed + b.Pushed, a.Ok + b.Ok, a.Failed + b.Failed, a.Lost + b.Lost, a.Waiting + b.Waiting);
}

/// <summary>What became of the receipts of one apikey.</summary>
internal sealed class ReceiptCounts
{
    private readonly Lock _gate = new();
    private ReceiptTotals _totals = new(0, 0, 0, 0, 0);

    public ReceiptTotals Read()
    {
        lock (_gate)
            return _totals;
    }

    public void Scheduled(int receipts) => Add(new(0, 0, 0, 0, receipts));

    public void Pushed() => Add(new(1, 0, 0, 0, 0));

    public void Taken() => Add(new(0, 1, 0, 0, -1));

    public void Failed(bool forGood) => Add(new(0, 0, 1, forGood ? 1 : 0, forGood ? -1 : 0));

    /// <summary>Forgets the past. What waits still waits.</summary>
    public void Clear()
    {
        lock (_gate)
            _totals = new(0, 0, 0, 0, _totals.Waiting);
    }

    private void Add(ReceiptTotals change)
    {
        lock (_gate)
            _totals += change;
    }
}
