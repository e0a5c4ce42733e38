using System.Globalization;
using Portal.Tenants;

namespace Portal.Web.Settings;

/// <summary>One rule of quiet hours as it stands in the inputs.</summary>
public sealed class QuietDraft
{
    private const int EveryDay = 127;

    /// <summary>Two letters; empty for all other countries.</summary>
    public required string Country { get; init; }

    public string From { get; set; } = "21:00";

    public string To { get; set; } = "08:00";

    /// <summary>Monday first.</summary>
    public bool[] Days { get; private init; } = Bits(EveryDay);

    public static QuietDraft Of(QuietRule rule) => new() { Country = rule.Country, From = Write(rule.From), To = Write(rule.To), Days = Bits(rule.Days) };

    /// <summary>Null when a time cannot be read.</summary>
    public QuietRule? Read() => Time(From) is { } from && Time(To) is { } to
        ? new(Country, from, to, Enumerable.Range(0, 7).Sum(d => Days[d] ? 1 << d : 0))
        : null;

    private static bool[] Bits(int days) => [.. Enumerable.Range(0, 7).Select(d => (days >> d & 1) == 1)];

    private static string Write(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static TimeOnly? Time(string text) => TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
}
