using System.Runtime.InteropServices;

namespace Portal.Simulator.Ledger;

/// <summary>The ledger of one apikey, whether it is the apikey of an account or not.</summary>
internal sealed class LedgerPage(string apikey, long ticksPerSecond)
{
    private readonly Lock _gate = new();
    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<long, int> _numbers = [];
    private readonly Dictionary<string, long> _codes = new(StringComparer.Ordinal);
    private long _accepted;
    private long _numbersAccepted;
    private long _doubled;

    public string Apikey => apikey;

    public TrafficMeter Traffic { get; } = new(ticksPerSecond);

    public ReceiptCounts Receipts { get; } = new();

    public void Record(LedgerEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            CollectionsMarshal.GetValueRefOrAddDefault(_codes, entry.Code, out _)++;
            if (entry.Accepted.Length > 0)
                _accepted++;
            _numbersAccepted += entry.Accepted.Length;
            foreach (var number in entry.Accepted)
            {
                if (++CollectionsMarshal.GetValueRefOrAddDefault(_numbers, number, out _) == 2)
                    _doubled++;
            }
        }
    }

    public LedgerEntry[] Entries()
    {
        lock (_gate)
            return [.. _entries];
    }

    public KeyValuePair<long, int>[] Numbers()
    {
        lock (_gate)
            return [.. _numbers];
    }

    public void AddTo(LedgerSum sum)
    {
        lock (_gate)
        {
            sum.Accepted += _accepted;
            sum.Numbers += _numbersAccepted;
            sum.Distinct += _numbers.Count;
            sum.Doubled += _doubled;
            foreach (var (code, count) in _codes)
                sum.Codes[code] = sum.Codes.GetValueOrDefault(code) + count;
        }
        sum.Receipts += Receipts.Read();
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _numbers.Clear();
            _codes.Clear();
            (_accepted, _numbersAccepted, _doubled) = (0, 0, 0);
        }
        Traffic.Clear();
        Receipts.Clear();
    }
}
