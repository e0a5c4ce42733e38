using System.Globalization;
using Portal.Campaigns;

namespace Portal.Tests.Campaigns;

public sealed class RepeatPlanTests
{
    private static readonly DateTimeOffset _now = At("2026-11-25T07:00:00Z");

    // The clocks: Berlin jumps from 2:00 to 3:00 on 28 March 2027 and back from 3:00 to 2:00 on 31 October 2027; Lord Howe moves
    // by half an hour; Cairo's day begins at 1:00 on 30 April 2027; in Santiago and Havana midnight itself is skipped or repeated.
    [Theory]
    [InlineData("Europe/Berlin", "02:30", "2027-03-28", "2027-03-28T01:00:00Z", "03:00", false)]
    [InlineData("Europe/Berlin", "02:00", "2027-03-28", "2027-03-28T01:00:00Z", "03:00", false)]
    [InlineData("Europe/Berlin", "03:00", "2027-03-28", "2027-03-28T01:00:00Z", "03:00", false)]
    [InlineData("Europe/Berlin", "01:59", "2027-03-28", "2027-03-28T00:59:00Z", "01:59", false)]
    [InlineData("Europe/Berlin", "02:30", "2027-10-31", "2027-10-31T00:30:00Z", "02:30", true)]
    [InlineData("Europe/Berlin", "03:00", "2027-10-31", "2027-10-31T02:00:00Z", "03:00", false)]
    [InlineData("America/New_York", "02:30", "2027-03-14", "2027-03-14T07:00:00Z", "03:00", false)]
    [InlineData("America/New_York", "01:30", "2027-11-07", "2027-11-07T05:30:00Z", "01:30", true)]
    [InlineData("Australia/Lord_Howe", "02:15", "2027-10-03", "2027-10-02T15:30:00Z", "02:30", false)]
    [InlineData("Australia/Lord_Howe", "01:45", "2027-04-04", "2027-04-03T14:45:00Z", "01:45", true)]
    [InlineData("Africa/Cairo", "00:30", "2027-04-30", "2027-04-29T22:00:00Z", "01:00", false)]
    [InlineData("Asia/Shanghai", "02:30", "2027-03-28", "2027-03-27T18:30:00Z", "02:30", false)]
    public void A_time_in_a_gap_runs_at_the_next_minute_and_one_that_comes_twice_runs_the_first_time(
        string zone, string time, string day, string at, string runsAt, bool repeats)
    {
        var run = Plan($"daily 1 {time}", day, zone, At(day + "T00:00:00Z").AddDays(-2)).After(At(day + "T00:00:00Z").AddDays(-2)).First();
        Assert.Equal(At(at), run.At);
        Assert.Equal((day + " " + time, day + " " + runsAt, repeats, time != runsAt), (Text(run.Wall), Text(run.RunsAt), run.Repeats, run.Moved));
    }

    [Fact]
    public void Around_a_change_of_the_clocks_a_daily_schedule_runs_every_day_once()
    {
        var runs = Plan("daily 1 02:30", "2027-03-27", "Europe/Berlin").After(_now).Take(3).ToList();
        Assert.Equal(["2027-03-27T01:30Z", "2027-03-28T01:00Z", "2027-03-29T00:30Z"], runs.Select(r => r.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Several_times_in_one_gap_are_one_run()
    {
        var runs = Plan("cron */30 * * * *", "2027-03-28", "Europe/Berlin").After(At("2027-03-28T00:15:00Z")).Take(4).ToList();
        Assert.Equal(["2027-03-28 01:30", "2027-03-28 02:00", "2027-03-28 03:30", "2027-03-28 04:00"], runs.Select(r => Text(r.Wall)));
        Assert.Equal(runs.Select(r => r.At).Distinct().Order(), runs.Select(r => r.At));
    }

    [Fact]
    public void The_last_day_is_a_day_with_a_run_and_none_comes_after_it()
    {
        var runs = Read(new("daily 1 23:30", Day("2026-11-26"), Day("2026-11-28"), null), "Asia/Shanghai").Value.After(_now);
        Assert.Equal(["2026-11-26 23:30", "2026-11-27 23:30", "2026-11-28 23:30"], runs.Select(r => Text(r.Wall)));
    }

    [Fact]
    public void A_first_day_in_the_past_counts_and_past_runs_are_left_out() =>
        Assert.Equal("2026-11-26 09:00", Text(Plan("daily 2 09:00", "2026-11-20", "Asia/Shanghai").After(At("2026-11-24T01:00:00Z")).First().Wall));

    [Theory]
    [InlineData("daily 1 09:00", null, null, null, "UTC", "RepeatFrom", "from_missing")]
    [InlineData("daily 1 09:00", "2099-01-01", null, null, "UTC", "RepeatFrom", "from_far")]
    [InlineData("daily 1 09:00", "2026-12-01", "2026-11-30", null, "UTC", "RepeatUntil", "until_early")]
    [InlineData("daily 1 09:00", "2026-12-01", null, 0, "UTC", "RepeatWithin", "within_bad")]
    [InlineData("daily 1 09:00", "2026-12-01", null, null, "Mars/Olympus", "RepeatKind", "zone_unknown")]
    [InlineData("daily 1 09:00", "2026-11-01", "2026-11-24", null, "UTC", "RepeatKind", "rule_never")]
    [InlineData("weekly 1 mon 09:00", "2026-12-01", "2026-12-02", null, "UTC", "RepeatKind", "rule_never")]
    [InlineData("monthly 12 30 skip 09:00", "2027-02-01", null, null, "UTC", "RepeatKind", "rule_never")]
    public void What_makes_no_run_is_refused_at_its_field(string rule, string? from, string? until, int? within, string zone, string field, string code)
    {
        var problem = Assert.Single(Read(new(rule, from is null ? null : Day(from), until is null ? null : Day(until), within), zone).Problems);
        Assert.Equal((field, code), (problem.Field, problem.Code));
    }

    private static RepeatPlan Plan(string rule, string from, string zone, DateTimeOffset? now = null) => RepeatPlan.Read(new(rule, Day(from), null, null), zone, now ?? _now).Value;

    private static Result<RepeatPlan> Read(RepeatInput input, string zone) => RepeatPlan.Read(input, zone, _now);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
