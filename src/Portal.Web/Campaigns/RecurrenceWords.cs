using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Campaigns;
using Portal.Web.Shell;

namespace Portal.Web.Campaigns;

/// <summary>Rules and schedules in the person's language.</summary>
internal static class RecurrenceWords
{
    private const int ShortestMonth = 28;

    /// <summary>The days of a week as people here write it: from Monday.</summary>
    public static IReadOnlyList<DayOfWeek> Week { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>The whole rule as one sentence without a full stop.</summary>
    public static string Rule(this IStringLocalizer<SchedulesText> texts, Recurrence rule) => rule switch
    {
        DailyRule { Every: 1 } r => texts["Rule.Daily", Time(r.At)],
        DailyRule r => texts["Rule.DailyN", Time(r.At), r.Every],
        WeeklyRule { Every: 1, On: WeekDays.Work } r => texts["Rule.Workdays", Time(r.At)],
        WeeklyRule { Every: 1 } r => texts["Rule.Weekly", Time(r.At), texts.Days(r.On)],
        WeeklyRule r => texts["Rule.WeeklyN", Time(r.At), texts.Days(r.On), r.Every],
        MonthlyRule { Every: 1, Day: 31, Short: ShortMonth.Last } r => texts["Rule.LastDay", Time(r.At)],
        MonthlyRule { Day: 31, Short: ShortMonth.Last } r => texts["Rule.LastDayN", Time(r.At), r.Every],
        MonthlyRule { Every: 1 } r => texts["Rule.Day", Time(r.At), r.Day] + texts.Lacking(r.Day > ShortestMonth, r.Short),
        MonthlyRule r => texts["Rule.DayN", Time(r.At), r.Day, r.Every] + texts.Lacking(r.Day > ShortestMonth, r.Short),
        MonthlyWeekdayRule { Every: 1 } r => texts["Rule.Weekday", Time(r.At), texts[$"Nth_{r.Nth}"].Value, Day(r.On)],
        MonthlyWeekdayRule r => texts["Rule.WeekdayN", Time(r.At), texts[$"Nth_{r.Nth}"].Value, Day(r.On), r.Every],
        YearlyRule r => texts["Rule.Yearly", Time(r.At), texts.Date(r.Month, r.Day)] + texts.Lacking((r.Month, r.Day) is (2, 29), r.Short),
        CronRule r => texts["Rule.Cron", r.Expression],
        _ => "",
    };

    /// <summary>What the clocks do to a run; null when they leave it alone.</summary>
    public static string? Note(this IStringLocalizer<SchedulesText> texts, Occurrence run) => run switch
    {
        { Moved: true } => texts["Run.Moved", Time(run.Wall), Time(run.RunsAt)].Value,
        { Repeats: true } => texts["Run.Repeats", Time(run.Wall)].Value,
        _ => null,
    };

    public static (ChipTone Tone, string Glyph, string Word) State(this IStringLocalizer<SchedulesText> texts, ScheduleState state) => state switch
    {
        ScheduleState.Active => (ChipTone.Accent, "↻", texts["State_Active"]),
        ScheduleState.Paused => (ChipTone.Doubt, "‖", texts["State_Paused"]),
        _ => (ChipTone.Skipped, "–", texts["State_Ended"]),
    };

    /// <summary>A span of minutes: "30 min", "2 h".</summary>
    public static string Span(this IStringLocalizer<SchedulesText> texts, int minutes) => minutes % 60 == 0 ? texts["Span.Hours", minutes / 60] : texts["Span.Minutes", minutes];

    public static string Day(DayOfWeek day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName(day);

    private static string Days(this IStringLocalizer<SchedulesText> texts, WeekDays on)
    {
        var days = Week.Where(d => on.HasFlag(RepeatModel.Flag(d))).Select(Day).ToList();
        return days.Count < 2 ? string.Concat(days) : string.Join(texts["Day.Separator"], days[..^1]) + texts["Day.And"] + days[^1];
    }

    private static string Lacking(this IStringLocalizer<SchedulesText> texts, bool may, ShortMonth or) => may ? texts[$"Rule.Short_{or}"] : "";

    // A leap year, so that every date can be written.
    private static string Date(this IStringLocalizer<SchedulesText> texts, int month, int day) => new DateOnly(2024, month, day).ToString(texts["Date"], CultureInfo.CurrentCulture);

    private static string Time(TimeOnly at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Time(DateTime at) => Time(TimeOnly.FromDateTime(at));
}
