using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Shell;

/// <summary>Writes instants in a zone, in the current culture, with 24 hours. For texts in which <see cref="When"/> cannot stand.</summary>
internal static class WhenText
{
    /// <summary>An IANA id that is unknown here reads as UTC.</summary>
    public static TimeZoneInfo ZoneOf(string? id) =>
        id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;

    public static string Of(DateTimeOffset at, WhenForm form, TimeZoneInfo zone, DateTimeOffset now, IStringLocalizer<ShellText> texts)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return form == WhenForm.Full ? Write(local, texts["When.Full"]) : Near(local, form, today, texts);
    }

    private static string Near(DateTimeOffset local, WhenForm form, DateOnly today, IStringLocalizer<ShellText> texts)
    {
        var date = DateOnly.FromDateTime(local.DateTime);
        return (date.DayNumber - today.DayNumber) switch
        {
            0 when form == WhenForm.Time => Write(local, "HH:mm"),
            0 => texts["When.Today", Write(local, "HH:mm")],
            1 => texts["When.Tomorrow", Write(local, "HH:mm")],
            -1 => texts["When.Yesterday", Write(local, "HH:mm")],
            // a weekday means the coming one: what is past has a date
            > 1 and < 7 => Write(local, "ddd HH:mm"),
            _ when date.Year == today.Year => Write(local, texts["When.ThisYear"]),
            _ => Write(local, texts["When.OtherYear"]),
        };
    }

    private static string Write(DateTimeOffset local, string format) => local.ToString(format, CultureInfo.CurrentCulture);
}
