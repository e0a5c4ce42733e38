using System.Globalization;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>When it is quiet in a country, by the clocks of all its zones, and what may be set.</summary>
public sealed class QuietClockTests(PortalFixture portal) : DispatchTest(portal)
{
    private static readonly QuietRule _night = new("", new(21, 0), new(8, 0));

    [Theory]
    // Over midnight, one zone; it begins five seconds early, since a request takes a moment to leave.
    [InlineData("SG", "2026-11-25T12:59:54Z", null)]
    [InlineData("SG", "2026-11-25T12:59:55Z", "2026-11-26T00:00:00Z")]
    [InlineData("SG", "2026-11-25T13:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("SG", "2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z")]
    [InlineData("SG", "2026-11-26T00:00:00Z", null)]
    // Every zone of a country: Honolulu is the last to wake, New York the first to sleep.
    [InlineData("US", "2026-11-25T15:00:00Z", "2026-11-25T18:00:00Z")]
    [InlineData("US", "2026-11-25T19:00:00Z", null)]
    [InlineData("US", "2026-11-26T02:00:00Z", "2026-11-26T18:00:00Z")]
    // Shanghai, and then Urumqi two hours later.
    [InlineData("CN", "2026-11-25T13:30:00Z", "2026-11-26T02:00:00Z")]
    // A shared calling code: Guam must have had its breakfast, and Newfoundland still be awake.
    [InlineData("+1", "2026-11-25T15:00:00Z", "2026-11-25T22:00:00Z")]
    // A quarter of an hour beside the others.
    [InlineData("NP", "2026-11-25T15:15:00Z", "2026-11-26T02:15:00Z")]
    // The night in which the clocks go back, and the one in which they go forward.
    [InlineData("GB", "2026-10-24T21:00:00Z", "2026-10-25T08:00:00Z")]
    [InlineData("GB", "2027-03-27T22:00:00Z", "2027-03-28T07:00:00Z")]
    [InlineData("XX", "2026-11-25T15:00:00Z", null)]
    public async Task It_is_quiet_until_every_zone_is_awake(string country, string at, string? until)
    {
        await SetAsync(_night);
        Assert.Equal(until, await UntilAsync(country, at));
    }

    [Theory]
    // 25 October: the clocks of London show 1 to 2 twice. The end is the second of the two.
    [InlineData("22:00-01:30", "2026-10-25T00:10:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("22:00-01:30", "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("22:00-01:30", "2026-10-25T01:29:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("22:00-01:30", "2026-10-25T01:30:00Z", null)]
    // It begins with the first of the two; between them the clock shows a time before it.
    [InlineData("01:30-05:00", "2026-10-25T00:29:00Z", null)]
    [InlineData("01:30-05:00", "2026-10-25T00:45:00Z", "2026-10-25T05:00:00Z")]
    [InlineData("01:30-05:00", "2026-10-25T01:10:00Z", null)]
    [InlineData("01:30-05:00", "2026-10-25T01:30:00Z", "2026-10-25T05:00:00Z")]
    // 28 March: they leave out 1 to 2. An end among them comes as long after the change.
    [InlineData("22:00-01:30", "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z")]
    [InlineData("22:00-01:30", "2027-03-28T01:30:00Z", null)]
    [InlineData("01:30-05:00", "2027-03-28T00:59:00Z", null)]
    [InlineData("01:30-05:00", "2027-03-28T01:05:00Z", "2027-03-28T04:00:00Z")]
    [InlineData("01:15-01:45", "2027-03-28T01:20:00Z", "2027-03-28T01:45:00Z")]
    // Within one day.
    [InlineData("12:00-14:00", "2026-12-01T12:30:00Z", "2026-12-01T14:00:00Z")]
    [InlineData("12:00-14:00", "2026-12-01T14:00:00Z", null)]
    public async Task Where_the_clocks_change_both_readings_are_quiet(string hours, string at, string? until)
    {
        var times = hours.Split('-').Select(t => TimeOnly.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        await SetAsync(new QuietRule("GB", times[0], times[1]));
        Assert.Equal(until, await UntilAsync("GB", at));
    }

    [Theory]
    [InlineData("US")]
    [InlineData("AU")]
    [InlineData("BR")]
    [InlineData("GB")]
    public async Task When_it_is_not_quiet_no_clock_of_the_country_shows_a_time_of_the_rule(string country)
    {
        await SetAsync(_night);
        var zones = (await OneAsync<string[]>("select zones from infra.countries where country = $1", country)).Select(TimeZoneInfo.FindSystemTimeZoneById).ToList();
        var (quiet, awake) = (0, 0);
        // A step that meets every time of the day, over a year with its changes.
        for (var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero); at.Year < 2027; at += TimeSpan.FromMinutes(997))
        {
            var until = await UntilAsync(country, at.ToString("O", CultureInfo.InvariantCulture));
            var asleep = zones.Exists(z => TimeZoneInfo.ConvertTime(at, z).TimeOfDay is { Hours: >= 21 or < 8 });
            Assert.Equal(asleep, until is not null);
            _ = asleep ? quiet++ : awake++;
            if (until is not null)
                Assert.Null(await UntilAsync(country, until));
        }
        Assert.True(quiet > 100 && awake > 20, $"{quiet} {awake}");
    }

    [Fact]
    public async Task A_country_with_a_rule_of_its_own_does_not_heed_the_one_for_all()
    {
        await SetAsync(_night, new("SG", new(9, 0), new(10, 0)), new("TH", null, null, None: true));
        Assert.Null(await UntilAsync("SG", "2026-11-25T15:00:00Z"));
        Assert.Equal("2026-11-25T02:00:00Z", await UntilAsync("SG", "2026-11-25T01:30:00Z"));
        Assert.Null(await UntilAsync("TH", "2026-11-25T18:00:00Z"));
        Assert.Equal("2026-11-26T00:00:00Z", await UntilAsync("MY", "2026-11-25T15:00:00Z"));
    }

    [Fact]
    public async Task Whose_country_is_known_is_under_its_rule_and_whose_is_not_under_those_of_its_calling_code()
    {
        await SetAsync(new QuietRule("US", new(0, 0), new(18, 0)), new("CA", null, null, None: true));
        await Portal.Database.AdminAsync($"""
            insert into app.contacts (tenant_id, id, number, country, fields, created_at)
            values ('{Owner.TenantId}', gen_random_uuid(), '12125550100', 'US', jsonb_build_object(), now()), ('{Owner.TenantId}', gen_random_uuid(), '14165550100', 'CA', jsonb_build_object(), now())
            """);
        Assert.Equal("1 US quiet, 2 CA, 3 +1 quiet, 4 CN", await OneAsync<string>("""
            select string_agg(concat_ws(' ', place, country, case when until is not null then 'quiet' end), ', ' order by place)
            from app.quiet_people($1, gen_random_uuid(), '2026-11-01', array[12125550100, 14165550100, 15005550100, 8619800000000], 0, '2026-11-25T15:00:00Z')
            """, Owner.TenantId));
    }

    [Fact]
    public async Task What_cannot_be_set_is_told_where_it_is_wrong_and_nothing_is_changed()
    {
        await SetAsync(_night);
        await OneAsync<int?>("update app.tenant_settings set extra_countries = '{RU}' returning 1");
        Assert.Equal(("Countries", "country_unknown"), await RefusedAsync(new QuietRule("XX", new(21, 0), new(8, 0))));
        Assert.Equal(("Countries", "country_twice"), await RefusedAsync(_night, _night));
        Assert.Equal(("FromIN", "time_missing"), await RefusedAsync(new QuietRule("IN", null, new(8, 0))));
        Assert.Equal(("ToIN", "time_missing"), await RefusedAsync(new QuietRule("IN", new(8, 0), null)));
        Assert.Equal(("ToIN", "time_same"), await RefusedAsync(new QuietRule("IN", new(8, 0), new(8, 0))));
        // Kamchatka goes to bed when Kaliningrad gets up.
        Assert.Equal(("ToRU", "always_quiet"), await RefusedAsync(new QuietRule("RU", new(18, 0), new(10, 0))));
        Assert.Equal(("To", "always_quiet"), await RefusedAsync(new QuietRule("", new(18, 0), new(10, 0))));
        Assert.Equal([_night], await Get<QuietRules>().RunAsync(Owner, Ct));
        await SetAsync(new QuietRule("", new(18, 0), new(10, 0)), new("RU", new(21, 0), new(8, 0)));
    }

    [Fact]
    public async Task Managers_change_them_everybody_reads_them_and_each_change_is_noted_once()
    {
        await SetAsync(_night, new("TH", null, null, None: true));
        await SetAsync(_night, new("TH", null, null, None: true));
        Assert.Equal("3 * 21:00-08:00, TH never", await OneAsync<string>("select cardinality(max(details)) || ' ' || max(details[cardinality(details)]) from app.audit_entries where action = 'quiet_hours_changed'"));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<ChangeQuietHours>().RunAsync(Owner with { Role = MemberRole.Sender }, [], Ct));
        Assert.Equal(2, (await Get<QuietRules>().RunAsync(Owner with { Role = MemberRole.Viewer }, Ct)).Count);
    }

    [Fact]
    public async Task A_country_that_is_always_quiet_is_looked_at_again_in_two_weeks()
    {
        await SetAsync(new QuietRule("SG", new(18, 0), new(10, 0)));
        await Portal.Database.AdminAsync($"update app.quiet_hours set country = 'RU' where tenant_id = '{Owner.TenantId}'");
        Assert.Equal("2026-12-09T15:00:00Z", await UntilAsync("RU", "2026-11-25T15:00:00Z"));
    }

    private async Task SetAsync(params QuietRule[] rules) => Assert.Empty((await Get<ChangeQuietHours>().RunAsync(Owner, rules, Ct)).Problems);

    private async Task<(string Field, string Code)> RefusedAsync(params QuietRule[] rules)
    {
        var problem = Assert.Single((await Get<ChangeQuietHours>().RunAsync(Owner, rules, Ct)).Problems);
        return (problem.Field, problem.Code);
    }

    private async Task<string?> UntilAsync(string country, string at)
    {
        var until = await OneAsync<string>("""
            select coalesce(to_char(app.quiet_until($1, $2, $3::timestamptz) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
            """, Owner.TenantId, country, at);
        return until.Length > 0 ? until : null;
    }
}
