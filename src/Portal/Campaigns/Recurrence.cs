using Cronos;

namespace Portal.Campaigns;

/// <summary>Days of the week, several at once; the week begins on Monday.</summary>
[Flags]
public enum WeekDays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    Work = Monday | Tuesday | Wednesday | Thursday | Friday,
}

/// <summary>What a day that a month lacks means: the month's last day, or none.</summary>
public enum ShortMonth { Last, Skip }

/// <summary>
/// The rule of a schedule, in wall-clock time: it knows no zone, so no gap and no repeat (see <see cref="RepeatPlan"/>).
/// <see cref="RecurrenceText"/> writes and reads it.
/// </summary>
public abstract record Recurrence
{
    // Dates end at 9999; a rule that names a day that never comes must end as well.
    internal const int LastYear = 9000;

    /// <summary>The times it names, increasing.</summary>
    /// <param name="start">The first day, from which "every third" counts.</param>
    /// <param name="from">Times before this are left out.</param>
    public IEnumerable<DateTime> Times(DateOnly start, DateTime from)
    {
        var begin = start.ToDateTime(TimeOnly.MinValue);
        return All(start, from > begin ? from : begin).TakeWhile(t => t.Year <= LastYear);
    }

    /// <summary>As <see cref="Times"/>; <paramref name="from"/> is not before the start.</summary>
    protected abstract IEnumerable<DateTime> All(DateOnly start, DateTime from);

    protected static IEnumerable<DateTime> Timed(IEnumerable<DateOnly> days, TimeOnly time, DateTime from) =>
        days.Select(d => d.ToDateTime(time)).SkipWhile(t => t < from);
}

/// <summary>Every day, or every <paramref name="Every"/> days from the first.</summary>
public sealed record DailyRule(int Every, TimeOnly At) : Recurrence
{
    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from)
    {
        return Timed(Days(), At, from);

        IEnumerable<DateOnly> Days()
        {
            var passed = DateOnly.FromDateTime(from).DayNumber - start.DayNumber;
            for (var day = start.AddDays(passed / Every * Every); ; day = day.AddDays(Every))
                yield return day;
        }
    }
}

/// <summary>On some days of the week, every <paramref name="Every"/> weeks from the week of the first day.</summary>
public sealed record WeeklyRule(int Every, WeekDays On, TimeOnly At) : Recurrence
{
    private const int Week = 7;

    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from)
    {
        return Timed(Days(), At, from);

        IEnumerable<DateOnly> Days()
        {
            var monday = start.AddDays(-((int)start.DayOfWeek + Week - 1) % Week);
            var passed = (DateOnly.FromDateTime(from).DayNumber - monday.DayNumber) / Week;
            for (var week = monday.AddDays(passed / Every * Every * Week); ; week = week.AddDays(Every * Week))
            {
                for (var i = 0; i < Week; i++)
                {
                    if (On.HasFlag((WeekDays)(1 << i)))
                        yield return week.AddDays(i);
                }
            }
        }
    }
}

/// <summary>On a day of the month, 1 to 31, every <paramref name="Every"/> months. 31 with <see cref="ShortMonth.Last"/> is the last day.</summary>
public sealed record MonthlyRule(int Every, int Day, ShortMonth Short, TimeOnly At) : Recurrence
{
    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from) => Timed(
        Months.From(start, Every, from).Where(m => Short == ShortMonth.Last || Day <= Months.Length(m)).Select(m => m.AddDays(Math.Min(Day, Months.Length(m)) - 1)), At, from);
}

/// <summary>On the first to fourth (1 to 4) or the last (0) of a weekday in the month, every <paramref name="Every"/> months.</summary>
public sealed record MonthlyWeekdayRule(int Every, int Nth, DayOfWeek On, TimeOnly At) : Recurrence
{
    private const int Week = 7;

    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from) => Timed(Months.From(start, Every, from).Select(Day), At, from);

    private DateOnly Day(DateOnly month)
    {
        if (Nth > 0)
            return month.AddDays(((int)On - (int)month.DayOfWeek + Week) % Week + (Nth - 1) * Week);
        var last = month.AddDays(Months.Length(month) - 1);
        return last.AddDays(-(((int)last.DayOfWeek - (int)On + Week) % Week));
    }
}

/// <summary>Once a year. 29 February is 28 February in other years, or left out.</summary>
public sealed record YearlyRule(int Month, int Day, ShortMonth Short, TimeOnly At) : Recurrence
{
    private const int Months = 12;

    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from) =>
        new MonthlyRule(Months, Day, Short, At).Times(new DateOnly(start.Year, Month, 1), from);
}

/// <summary>A cron expression of five fields: minute, hour, day, month, weekday.</summary>
public sealed record CronRule(string Expression) : Recurrence
{
    protected override IEnumerable<DateTime> All(DateOnly start, DateTime from)
    {
        var cron = CronExpression.Parse(Expression, CronFormat.Standard);
        // As if the wall clock were UTC, which has neither gaps nor repeats: these are one concern, for every kind of rule.
        var at = DateTime.SpecifyKind(from, DateTimeKind.Utc);
        for (var next = cron.GetNextOccurrence(at, inclusive: true); next is { } time; next = cron.GetNextOccurrence(time))
            yield return DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
    }
}

internal static class Months
{
    /// <summary>The first days of months, every so many from the start's.</summary>
    public static IEnumerable<DateOnly> From(DateOnly start, int every, DateTime from)
    {
        const int AYear = 12;
        var first = new DateOnly(start.Year, start.Month, 1);
        var passed = Math.Max(0, (from.Year - first.Year) * AYear + from.Month - first.Month);
        for (var month = first.AddMonths(passed / every * every); month.Year <= Recurrence.LastYear; month = month.AddMonths(every))
            yield return month;
    }

    public static int Length(DateOnly month) => DateTime.DaysInMonth(month.Year, month.Month);
}
