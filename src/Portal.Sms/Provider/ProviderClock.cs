using System.Globalization;

namespace Portal.Sms.Provider;

/// <summary>The provider's wall clock: the fixed offset +08:00, whatever zone this server stands in (provider document sections 1.2 and 5.2).</summary>
public static class ProviderClock
{
    private const string TimestampFormat = "yyyyMMddHHmmss";

    private static readonly TimeSpan _offset = TimeSpan.FromHours(8);
    private static readonly string[] _receiptFormats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>The <c>timestamp</c> of a request: <c>yyyyMMddHHmmss</c> in GMT+8. The provider takes it within two hours of its own clock.</summary>
    public static string Timestamp(DateTimeOffset now) =>
        now.ToOffset(_offset).ToString(TimestampFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads a <c>timestamp</c> back, as an instant in UTC.</summary>
    public static bool TryParse(string? timestamp, out DateTimeOffset instant) => TryRead(timestamp, [TimestampFormat], out instant);

    /// <summary>
    /// Reads the <c>times</c> of a receipt (<c>yyyy-MM-dd HH:mm</c>, seconds may follow; provider document section 4.2).
    /// The result is in UTC, as the database wants it; null when it cannot be read.
    /// </summary>
    public static DateTimeOffset? ReceiptTime(string? times) => TryRead(times, _receiptFormats, out var at) ? at : null;

    private static bool TryRead(string? text, string[] formats, out DateTimeOffset instant)
    {
        instant = default;
        if (!DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            || wall.Ticks < _offset.Ticks)
        {
            return false;
        }
        instant = new DateTimeOffset(wall, _offset).ToUniversalTime();
        return true;
    }
}
