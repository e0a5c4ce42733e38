using System.Globalization;
using Portal.Simulator.Calls;
using Portal.Simulator.Faults;

namespace Portal.Simulator.Ledger;

internal sealed record LedgerTotals(
    long Requests, long Accepted, long Numbers, long Distinct, long Doubled,
    int Open, int MaxOpen, int MaxPerSlidingSecond, SortedDictionary<string, long> Codes, ReceiptTotals Receipts);

/// <summary>The taskid is text here: it is too large for a number in many a JSON reader.</summary>
internal sealed record RequestView(
    DateTimeOffset Time, string Apikey, CallKind Call, string? Taskid, int Numbers, int Accepted, string Code, FaultKind? Fault, string? ContentHash)
{
    public static RequestView Of(LedgerPage page, LedgerEntry entry) => new(
        entry.Time, page.Apikey, entry.Call, LedgerText.TaskId(entry), entry.Asked, entry.Accepted.Length, entry.Code, entry.Fault,
        entry.ContentHash is { } hash ? Convert.ToHexStringLower(hash) : null);
}

/// <summary>One acceptance of a number.</summary>
internal sealed record NumberView(DateTimeOffset Time, string Apikey, string? Taskid);

internal static class LedgerText
{
    public static string? TaskId(LedgerEntry entry) =>
        entry.TaskId == 0 ? null : entry.TaskId.ToString(CultureInfo.InvariantCulture);
}
