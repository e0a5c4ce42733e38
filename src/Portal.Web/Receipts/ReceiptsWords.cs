using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Receipts;

internal static class ReceiptsWords
{
    /// <summary>Why receipts are parked, in words; one that nobody knows yet is shown as it is.</summary>
    public static string Reason(this IStringLocalizer<ReceiptsText> texts, string reason) => texts["Reason_" + reason] is { ResourceNotFound: false } known ? known.Value : reason;

    public static string Lag(this IStringLocalizer<ReceiptsText> texts, int milliseconds) => texts["Seconds", (milliseconds / 1000.0).ToString("N1", CultureInfo.CurrentCulture)];

    /// <summary>About how long: in the largest unit that fits.</summary>
    public static string Span(this IStringLocalizer<ReceiptsText> texts, TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => texts["Hours", (int)span.TotalHours],
        { TotalMinutes: >= 1 } => texts["Minutes", (int)span.TotalMinutes],
        _ => texts["Seconds", Math.Max(0, (int)span.TotalSeconds)],
    };
}
