using System.Globalization;
using Portal.Campaigns;

namespace Portal.Web.Campaigns;

/// <summary>The kinds of rules that the editor offers.</summary>
public enum RepeatKind { Daily, EveryDays, Workdays, Weekly, MonthlyDay, MonthlyWeekday, Yearly, Cron }

/// <summary>What is typed in the editor of a rule. What a kind does not ask for stays, and is not part of the rule.</summary>
public sealed class RepeatModel
{
    private const string DayFormat = "yyyy-MM-dd";

    public RepeatKind Kind { get; set; }

    /// <summary>Days, weeks or months between two.</summary>
    public string Every { get; set; } = "1";

    public WeekDays On { get; set; }

    /// <summary>Of the month; 31 with <see cref="ShortMonth.Last"/> is its last day.</summary>
    public int Day { get; set; } = 1;

    public ShortMonth Short { get; set; }

    /// <summary>1 to 4; 0 is the last.</summary>
    public int Nth { get; set; } = 1;

    public DayOfWeek Weekday { get; set; } = DayOfWeek.Monday;

    public int Month { get; set; } = 1;

    public string Cron { get; set; } = "0 9 * * 1-5";

    /// <summary>Time of day as the browser gives it, to the minute: Blazor adds seconds.</summary>
    public string At { get; set => field = value.Length > "HH:mm".Length ? value[.."HH:mm".Length] : value; } = "09:00";

    /// <summary>First day as the browser gives it.</summary>
    public string From { get; set; } = "";

    /// <summary>Last day; empty for none.</summary>
    public string Until { get; set; } = "";

    /// <summary>Minutes after its time in which a run may still start; null for any.</summary>
    public int? Within { get; set; } = 120;

    /// <summary>The month can be shorter than the day that was chosen.</summary>
    public bool MayLack => Kind switch { RepeatKind.MonthlyDay => Day > 28 && !IsLastDay, RepeatKind.Yearly => (Month, Day) is (2, 29), _ => false };

    public bool IsLastDay => (Day, Short) is (31, ShortMonth.Last);

    internal RepeatInput Input() => new(Rule(), ReadDay(From), ReadDay(Until), Within);

    internal static RepeatModel Of(RepeatInput? input)
    {
        if (input is null)
            return new();
        var model = input.Rule.StartsWith("cron ", StringComparison.Ordinal)
            ? new RepeatModel { Kind = RepeatKind.Cron, Cron = input.Rule["cron ".Length..] }
            : RecurrenceText.Read(input.Rule) is { Ok: true } read ? Of(read.Value) : new();
        (model.From, model.Until, model.Within) = (WriteDay(input.From), WriteDay(input.Until), input.Within);
        return model;
    }

    internal static string WriteDay(DateOnly? day) => day?.ToString(DayFormat, CultureInfo.InvariantCulture) ?? "";

    private static DateOnly? ReadDay(string text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static RepeatModel Of(Recurrence rule) => rule switch
    {
        DailyRule { Every: 1 } r => new() { Kind = RepeatKind.Daily, At = Time(r.At) },
        DailyRule r => new() { Kind = RepeatKind.EveryDays, Every = Number(r.Every), At = Time(r.At) },
        WeeklyRule { Every: 1, On: WeekDays.Work } r => new() { Kind = RepeatKind.Workdays, At = Time(r.At) },
        WeeklyRule r => new() { Kind = RepeatKind.Weekly, Every = Number(r.Every), On = r.On, At = Time(r.At) },
        MonthlyRule r => new() { Kind = RepeatKind.MonthlyDay, Every = Number(r.Every), Day = r.Day, Short = r.Short, At = Time(r.At) },
        MonthlyWeekdayRule r => new() { Kind = RepeatKind.MonthlyWeekday, Every = Number(r.Every), Nth = r.Nth, Weekday = r.On, At = Time(r.At) },
        YearlyRule r => new() { Kind = RepeatKind.Yearly, Month = r.Month, Day = r.Day, Short = r.Short, At = Time(r.At) },
        _ => new(),
    };

    // As it is typed: what is no rule yet is refused where it stands, when the step is left.
    private string Rule() => Kind switch
    {
        RepeatKind.Daily => $"daily 1 {At}",
        RepeatKind.EveryDays => $"daily {Every.Trim()} {At}",
        RepeatKind.Workdays => RecurrenceText.Write(new WeeklyRule(1, WeekDays.Work, default)).Replace("00:00", At, StringComparison.Ordinal),
        RepeatKind.Weekly => $"weekly {Every.Trim()} {Days()} {At}",
        RepeatKind.MonthlyDay => $"monthly {Every.Trim()} {Number(Day)} {Or} {At}",
        RepeatKind.MonthlyWeekday => $"weekday {Every.Trim()} {Number(Nth)} {Word(Weekday)} {At}",
        RepeatKind.Yearly => $"yearly {Number(Month)}-{Number(Day)} {Or} {At}",
        _ => "cron " + Cron,
    };

    private string Or => Short == ShortMonth.Skip ? "skip" : "last";

    private string Days() => string.Join(',', Enum.GetValues<DayOfWeek>().Where(d => On.HasFlag(Flag(d))).OrderBy(d => (int)Flag(d)).Select(Word));

    /// <summary>The day as one of <see cref="WeekDays"/>.</summary>
    internal static WeekDays Flag(DayOfWeek day) => (WeekDays)(1 << (((int)day + 6) % 7));

    private static string Word(DayOfWeek day) => day.ToString()[..3].ToLowerInvariant();

    private static string Time(TimeOnly at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
