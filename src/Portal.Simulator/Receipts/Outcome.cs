using Portal.Simulator.Accounts;

namespace Portal.Simulator.Receipts;

/// <summary>How a message ends and when: by its number alone, so that a test can say it beforehand.</summary>
internal static class Outcome
{
    public const string Delivered = "DELIVRD";

    /// <summary>By the last four digits: 0000 is delivered, 0001 to 0009 end with these words, whatever the account's share says.</summary>
    private static readonly string[] _fixed =
        [Delivered, "UNDELIV", "EXPIRED", "REJECTD", "DELETED", "MK:0001", "DB:0141", "SIGFAIL", "CB:0010", "MN:0001"];

    private static readonly string[] _failed = ["UNDELIV", "EXPIRED", "REJECTD", "MK:0001"];

    public static string StatusOf(long number, DeliveryOptions delivery)
    {
        var end = (int)(number % 10_000);
        if (end < _fixed.Length)
            return _fixed[end];
        var hash = Mix((ulong)number);
        if ((hash >> 11) * (1.0 / (1UL << 53)) < delivery.Delivered)
            return Delivered;
        var words = delivery.FailedStatuses ?? _failed;
        return words[Mix(hash) % (ulong)words.Length];
    }

    public static TimeSpan DelayOf(long number, DeliveryOptions delivery) =>
        TimeSpan.FromMilliseconds(delivery.DelayMs + (long)(Mix(~(ulong)number) % ((ulong)delivery.SpreadMs + 1)));

    /// <summary>SplitMix64: neighbouring numbers must not end alike.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
