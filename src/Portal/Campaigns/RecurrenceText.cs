using System.Globalization;
using Cronos;

namespace Portal.Campaigns;

/// <summary>
/// The compact form in which a rule is kept, one line: <c>daily 1 09:00</c>, <c>weekly 2 mon,wed 09:00</c>,
/// <c>monthly 1 31 last 09:00</c>, <c>weekday 1 0 fri 09:00</c> (0 is the last), <c>yearly 2-29 skip 09:00</c>,
/// <c>cron 0 9 * * 1-5</c>.
/// </summary>
public static class RecurrenceText
{
    /// <summary>The most days, weeks or months between two.</summary>
    public const int MostEvery = 999;

    public const int Longest = 200;

    private const int LeapYear = 2024;

    private static readonly string[] _days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static string Write(Recurrence rule) => rule switch
    {
        DailyRule r => Line($"daily {r.Every} {r.At:HH:mm}"),
        WeeklyRule r => Line($"weekly {r.Every} {Days(r.On)} {r.At:HH:mm}"),
        MonthlyRule r => Line($"monthly {r.Every} {r.Day} {Word(r.Short)} {r.At:HH:mm}"),
        MonthlyWeekdayRule r => Line($"weekday {r.Every} {r.Nth} {_days[((int)r.On + 6) % 7]} {r.At:HH:mm}"),
        YearlyRule r => Line($"yearly {r.Month}-{r.Day} {Word(r.Short)} {r.At:HH:mm}"),
        CronRule r => "cron " + r.Expression,
        _ => throw new ArgumentException("A kind of rule that has no text.", nameof(rule)),
    };

    /// <summary>
    /// Reads a rule. Problems: <c>every_bad</c> at <c>RepeatEvery</c>, <c>days_missing</c> at <c>RepeatOn</c>,
    /// <c>day_bad</c> at <c>RepeatDay</c>, <c>clock_missing</c> at <c>RepeatAt</c>, <c>cron_bad</c> at <c>RepeatCron</c>;
    /// <c>rule_bad</c> at <c>RepeatKind</c> for what is no rule at all.
    /// </summary>
    public static Result<Recurrence> Read(string text)
    {
        if (text.StartsWith("cron", StringComparison.Ordinal))
            return Cron(text["cron".Length..].Trim());
        var words = text.Split(' ');
        if (!TimeOnly.TryParseExact(words[^1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return new Problem("RepeatAt", "clock_missing");
        return words switch
        {
            ["daily", var every, _] => Every(every) is { } n ? new DailyRule(n, at) : EveryBad,
            ["weekly", var every, var on, _] => Every(every) is not { } n ? EveryBad
                : Days(on) is var days and not WeekDays.None ? new WeeklyRule(n, days, at) : new Problem("RepeatOn", "days_missing"),
            ["monthly", var every, var day, var or, _] => Every(every) is not { } n ? EveryBad
                : Number(day, 1, 31) is { } d && Short(or) is { } s ? new MonthlyRule(n, d, s, at) : DayBad,
            ["weekday", var every, var nth, var on, _] => Every(every) is not { } n ? EveryBad
                : Number(nth, 0, 4) is { } k && Array.IndexOf(_days, on) is var day and >= 0 ? new MonthlyWeekdayRule(n, k, (DayOfWeek)((day + 1) % 7), at) : DayBad,
            ["yearly", var date, var or, _] => Yearly(date.Split('-'), Short(or), at),
            _ => new Problem("RepeatKind", "rule_bad"),
        };
    }

    private static Problem EveryBad => new("RepeatEvery", "every_bad", MostEvery);

    private static Problem DayBad => new("RepeatDay", "day_bad");

    private static Result<Recurrence> Yearly(string[] date, ShortMonth? or, TimeOnly at) =>
        date is [var month, var day] && Number(month, 1, 12) is { } m && Number(day, 1, DateTime.DaysInMonth(LeapYear, m)) is { } d && or is { } s
            ? new YearlyRule(m, d, s, at) : DayBad;

    private static Result<Recurrence> Cron(string expression)
    {
        var fields = expression.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5 && expression.Length < Longest - "cron ".Length && CronExpression.TryParse(expression, CronFormat.Standard, out _)
            ? new CronRule(string.Join(' ', fields)) : new Problem("RepeatCron", "cron_bad");
    }

    private static int? Every(string word) => Number(word, 1, MostEvery);

    private static int? Number(string word, int least, int most) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : null;

    private static ShortMonth? Short(string word) => word switch { "last" => ShortMonth.Last, "skip" => ShortMonth.Skip, _ => null };

    private static string Word(ShortMonth or) => or == ShortMonth.Skip ? "skip" : "last";

    private static WeekDays Days(string words)
    {
        var days = words.Split(',').Select(w => Array.IndexOf(_days, w)).ToList();
        return days.Exists(d => d < 0) ? WeekDays.None : days.Aggregate(WeekDays.None, (all, d) => all | (WeekDays)(1 << d));
    }

    private static string Days(WeekDays on) => string.Join(',', _days.Where((_, i) => on.HasFlag((WeekDays)(1 << i))));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
