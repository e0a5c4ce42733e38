using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Campaigns;

namespace Portal.Tests.Campaigns;

/// <summary>
/// Fifty zones over two years. The clocks are read the one way that cannot be mistaken, from instants to wall time, minute by
/// minute around each change; planned runs must agree with that.
/// </summary>
public sealed class DaylightSavingProperties
{
    private static readonly DateTimeOffset _begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _end = _begin.AddYears(2);

    private static readonly string[] _zones =
    [
        "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Johannesburg", "Africa/Lagos", "America/Adak", "America/Anchorage", "America/Asuncion", "America/Bogota",
        "America/Chicago", "America/Denver", "America/Halifax", "America/Havana", "America/Los_Angeles", "America/Mexico_City", "America/Miquelon", "America/New_York",
        "America/Nuuk", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza",
        "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Atlantic/Azores", "Atlantic/Bermuda", "Australia/Adelaide", "Australia/Lord_Howe",
        "Australia/Sydney", "Europe/Athens", "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/Lisbon", "Europe/London", "Europe/Moscow", "Pacific/Apia",
        "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Kiritimati", "Pacific/Norfolk", "Pacific/Tongatapu",
    ];

    public static TheoryData<string> Zones => new(_zones);

    [Fact]
    public void There_are_fifty_zones_and_most_of_them_change_their_clocks()
    {
        Assert.Equal(50, _zones.Distinct(StringComparer.Ordinal).Count());
        Assert.True(_zones.Count(z => Changes(TimeZoneInfo.FindSystemTimeZoneById(z)).Count >= 4) >= 30);
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Every_minute_around_every_change_of_the_clocks_is_planned_as_the_clock_shows_it(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        foreach (var change in Changes(zone))
        {
            var shown = Enumerable.Range(-400, 900).Select(m => change.AddMinutes(m)).GroupBy(at => TimeZoneInfo.ConvertTime(at, zone).DateTime).ToDictionary(g => g.Key, g => g.ToList());
            var last = TimeZoneInfo.ConvertTime(change.AddMinutes(-200), zone).DateTime;
            for (var wall = last; wall < last.AddMinutes(400); wall = wall.AddMinutes(1))
            {
                var run = Occurrence.Of(wall, zone);
                var next = shown.Keys.Where(w => w >= wall).Min();
                Assert.Equal((wall, next), (run.Wall, run.RunsAt));
                Assert.Equal(shown[next][0], run.At);
                Assert.Equal(shown[next].Count > 1, run.Repeats);
                Assert.Equal(!shown.ContainsKey(wall), run.Moved);
            }
        }
    }

    [Property(MaxTest = 300)]
    public Property A_schedule_runs_each_of_its_times_once_and_in_order() => Prop.ForAll(Cases(), one =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(one.Zone);
        var from = new DateOnly(2026, 1, 1);
        var plan = RepeatPlan.Read(new(one.Rule, from, new DateOnly(2027, 12, 31), null), one.Zone, _begin.AddDays(-3)).Value;
        var runs = plan.After(_begin.AddDays(-3)).ToList();

        Assert.Equal(runs.Select(r => r.At).Distinct().Order(), runs.Select(r => r.At));
        Assert.Equal(runs.Select(r => r.Wall).Distinct().Order(), runs.Select(r => r.Wall));
        Assert.All(runs, r => Assert.Equal(r.RunsAt, TimeZoneInfo.ConvertTime(r.At, zone).DateTime));
        // No time of the rule is lost but those that share their gap with one before them.
        var times = RecurrenceText.Read(one.Rule).Value.Times(from, from.ToDateTime(TimeOnly.MinValue)).TakeWhile(t => t.Year < 2028).ToList();
        Assert.All(times.Except(runs.Select(r => r.Wall)), t => Assert.Contains(runs, r => r.Moved && r.Wall < t && r.At == Occurrence.Of(t, zone).At));
        // From wherever one looks on, the rest is the same.
        var middle = runs[runs.Count * one.Percent / 100];
        Assert.Equal(runs.SkipWhile(r => r != middle), plan.Since(middle.Wall));
        Assert.Equal(runs.SkipWhile(r => r != middle).Skip(1), plan.After(middle.At));
    });

    private static Arbitrary<(string Zone, string Rule, int Percent)> Cases() => (
        from zone in Gen.Elements(_zones)
        from hour in Gen.Elements(0, 0, 1, 1, 2, 2, 3, 9, 23)
        from minute in Gen.Elements(0, 1, 15, 30, 45, 59)
        from every in Gen.Choose(1, 3)
        from kind in Gen.Elements("daily {0} {1}", "weekly {0} sat,sun,mon {1}", "monthly {0} 31 last {1}", "weekday {0} 0 sun {1}", "cron {2} {3} * * *", "cron */{4} 0-4 * 3,4,9-11 0,6", "cron {2} * * * 0")
        from percent in Gen.Choose(0, 99)
        select (zone, string.Format(System.Globalization.CultureInfo.InvariantCulture, kind, every, new TimeOnly(hour, minute).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), minute, hour, every * 10), percent)).ToArbitrary();

    private static List<DateTimeOffset> Changes(TimeZoneInfo zone)
    {
        var changes = new List<DateTimeOffset>();
        for (var hour = _begin; hour < _end; hour = hour.AddHours(1))
        {
            for (var at = hour; zone.GetUtcOffset(hour) != zone.GetUtcOffset(hour.AddHours(1)) && at < hour.AddHours(1); at = at.AddMinutes(1))
            {
                if (zone.GetUtcOffset(at) != zone.GetUtcOffset(at.AddMinutes(1)))
                    changes.Add(at.AddMinutes(1));
            }
        }
        return changes;
    }
}
