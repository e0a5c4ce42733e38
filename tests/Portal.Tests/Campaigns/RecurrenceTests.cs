using System.Globalization;
using Portal.Campaigns;

namespace Portal.Tests.Campaigns;

public sealed class RecurrenceTests
{
    [Theory]
    [InlineData("daily 1 09:00", "2026-11-25", "2026-11-25 09:00", "2026-11-26 09:00", "2026-11-27 09:00")]
    [InlineData("daily 3 09:00", "2026-11-20", "2026-11-26 09:00", "2026-11-29 09:00", "2026-12-02 09:00")]
    [InlineData("weekly 1 mon,tue,wed,thu,fri 08:30", "2026-11-27", "2026-11-27 08:30", "2026-11-30 08:30", "2026-12-01 08:30")]
    [InlineData("weekly 1 wed,sun 08:30", "2026-11-25", "2026-11-25 08:30", "2026-11-29 08:30", "2026-12-02 08:30")]
    [InlineData("weekly 2 mon,sun 08:30", "2026-11-25", "2026-11-29 08:30", "2026-12-07 08:30", "2026-12-13 08:30")]
    [InlineData("monthly 1 15 last 09:00", "2026-11-25", "2026-12-15 09:00", "2027-01-15 09:00", "2027-02-15 09:00")]
    [InlineData("monthly 1 31 last 09:00", "2026-11-25", "2026-11-30 09:00", "2026-12-31 09:00", "2027-01-31 09:00", "2027-02-28 09:00")]
    [InlineData("monthly 1 31 skip 09:00", "2026-11-25", "2026-12-31 09:00", "2027-01-31 09:00", "2027-03-31 09:00")]
    [InlineData("monthly 3 30 skip 09:00", "2026-11-01", "2026-11-30 09:00", "2027-05-30 09:00", "2027-08-30 09:00")]
    [InlineData("weekday 1 1 mon 09:00", "2026-11-25", "2026-12-07 09:00", "2027-01-04 09:00", "2027-02-01 09:00")]
    [InlineData("weekday 1 0 fri 09:00", "2026-11-25", "2026-11-27 09:00", "2026-12-25 09:00", "2027-01-29 09:00")]
    [InlineData("weekday 2 4 sun 09:00", "2026-11-01", "2027-01-24 09:00", "2027-03-28 09:00")]
    [InlineData("yearly 2-29 skip 09:00", "2026-11-25", "2028-02-29 09:00", "2032-02-29 09:00")]
    [InlineData("yearly 2-29 last 09:00", "2026-11-25", "2027-02-28 09:00", "2028-02-29 09:00")]
    [InlineData("yearly 11-25 last 09:00", "2026-11-25", "2026-11-25 09:00", "2027-11-25 09:00")]
    [InlineData("cron 0 9 * * 1-5", "2026-11-27", "2026-11-27 09:00", "2026-11-30 09:00")]
    [InlineData("cron 30 10 L * *", "2026-11-25", "2026-11-30 10:30", "2026-12-31 10:30")]
    [InlineData("cron */20 8,9 * * *", "2026-11-26", "2026-11-26 08:00", "2026-11-26 08:20", "2026-11-26 08:40", "2026-11-26 09:00")]
    public void A_rule_names_its_times_from_the_first_day_on(string rule, string start, params string[] times)
    {
        var from = Time("2026-11-25 08:00");
        Assert.Equal(times, Read(rule).Times(Day(start), from).Take(times.Length).Select(Text));
    }

    [Theory]
    [InlineData("daily 1 09:00")]
    [InlineData("daily 999 23:59")]
    [InlineData("weekly 2 mon,wed,sun 00:00")]
    [InlineData("monthly 12 31 skip 09:00")]
    [InlineData("monthly 1 31 last 09:00")]
    [InlineData("weekday 1 0 sun 09:00")]
    [InlineData("weekday 3 4 mon 09:00")]
    [InlineData("yearly 2-29 last 09:00")]
    [InlineData("cron 0 9 * * 1-5")]
    public void A_rule_is_written_as_it_was_read(string rule)
    {
        Assert.Equal(rule, RecurrenceText.Write(Read(rule)));
        Assert.Equal(Read(rule), Read(RecurrenceText.Write(Read(rule))));
    }

    [Theory]
    [InlineData("", "RepeatAt", "clock_missing")]
    [InlineData("daily 1 ", "RepeatAt", "clock_missing")]
    [InlineData("daily 1 25:00", "RepeatAt", "clock_missing")]
    [InlineData("daily 0 09:00", "RepeatEvery", "every_bad")]
    [InlineData("daily  09:00", "RepeatEvery", "every_bad")]
    [InlineData("daily 1000 09:00", "RepeatEvery", "every_bad")]
    [InlineData("weekly x mon 09:00", "RepeatEvery", "every_bad")]
    [InlineData("weekly 1  09:00", "RepeatOn", "days_missing")]
    [InlineData("weekly 1 mon,moon 09:00", "RepeatOn", "days_missing")]
    [InlineData("monthly 1 32 last 09:00", "RepeatDay", "day_bad")]
    [InlineData("monthly 1 1 never 09:00", "RepeatDay", "day_bad")]
    [InlineData("weekday 1 5 mon 09:00", "RepeatDay", "day_bad")]
    [InlineData("yearly 2-30 skip 09:00", "RepeatDay", "day_bad")]
    [InlineData("yearly 13-1 skip 09:00", "RepeatDay", "day_bad")]
    [InlineData("cron", "RepeatCron", "cron_bad")]
    [InlineData("cron 0 9 * *", "RepeatCron", "cron_bad")]
    [InlineData("cron 0 0 9 * * *", "RepeatCron", "cron_bad")]
    [InlineData("cron 61 9 * * *", "RepeatCron", "cron_bad")]
    [InlineData("cron @daily", "RepeatCron", "cron_bad")]
    [InlineData("hourly 09:00", "RepeatKind", "rule_bad")]
    public void What_is_no_rule_is_refused_at_its_field(string rule, string field, string code)
    {
        var problem = Assert.Single(RecurrenceText.Read(rule).Problems);
        Assert.Equal((field, code), (problem.Field, problem.Code));
    }

    [Theory]
    [InlineData("monthly 12 31 skip 09:00", "2027-02-01")]
    [InlineData("monthly 12 30 skip 09:00", "2027-02-01")]
    [InlineData("cron 0 0 30 2 *", "2026-11-25")]
    public void A_day_that_never_comes_ends(string rule, string start) => Assert.Empty(Read(rule).Times(Day(start), Time("2026-11-25 09:00")));

    [Fact]
    public void Times_are_increasing_and_do_not_depend_on_where_one_begins_to_look()
    {
        var start = Day("2024-02-29");
        string[] rules =
        [
            "daily 1 00:00", "daily 17 12:00", "weekly 3 sat,sun 23:59", "monthly 1 29 skip 10:00", "monthly 5 31 last 10:00", "weekday 1 0 sat 10:00",
            "weekday 7 2 thu 10:00", "yearly 2-29 last 10:00", "cron 15 */7 * * *",
        ];
        foreach (var rule in rules.Select(Read))
        {
            var all = rule.Times(start, Time("2024-01-01 00:00")).TakeWhile(t => t.Year < 2027).ToList();
            Assert.Equal(all.Distinct().Order(), all);
            Assert.All(all, t => Assert.True(DateOnly.FromDateTime(t) >= start));
            foreach (var from in Enumerable.Range(0, 400).Select(i => Time("2024-01-01 05:17").AddHours(i * 63)))
                Assert.Equal(all.FirstOrDefault(t => t >= from), rule.Times(start, from).TakeWhile(t => t.Year < 2027).FirstOrDefault());
        }
    }

    private static Recurrence Read(string rule) => RecurrenceText.Read(rule).Value;

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
