
namespace Portal.Simulator.Ledger;

/// <summary>Pages added up. A number counts as doubled when one account accepted it more than once.</summary>
internal sealed class LedgerSum
{
    public long Accepted { get; set; }

    public long Numbers { get; set; }

    public long Distinct { get; set; }

    public long Doubled { get; set; }

    public SortedDictionary<string, long> Codes { get; } = new(StringComparer.Ordinal);

    public ReceiptTotals Receipts { get; set; } = new(0, 0, 0, 0, 0);

    public LedgerTotals With(TrafficMeter traffic)
    {
        var (requests, open, maxOpen, maxPerSecond) = traffic.Read();
        return new(requests, Accepted, Numbers, Distinct, Doubled, open, maxOpen, maxPerSecond, Codes, Receipts);
    }
}
