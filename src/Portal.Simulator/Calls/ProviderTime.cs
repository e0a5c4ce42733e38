using System.Globalization;

namespace Portal.Simulator.Calls;

/// <summary>Wall-clock time in GMT+8 (provider document sections 1.2 and 5.2).</summary>
internal static class ProviderTime
{
    private static readonly TimeSpan _offset = TimeSpan.FromHours(8);
    private static readonly TimeSpan _tolerance = TimeSpan.FromHours(2);

    /// <summary>Well-formed as <c>yyyyMMddHHmmss</c>, and not further than two hours away, before or after.</summary>
    public static bool Accepts(string timestamp, DateTimeOffset now) =>
        DateTime.TryParseExact(timestamp, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
        && (new DateTimeOffset(wall, _offset) - now).Duration() <= _tolerance;

    /// <summary>The operator's time of a receipt: <c>yyyy-MM-dd HH:mm</c>.</summary>
    public static string Minutes(DateTimeOffset instant) =>
        instant.ToOffset(_offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
