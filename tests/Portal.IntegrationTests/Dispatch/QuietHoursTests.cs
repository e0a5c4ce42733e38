using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>Nobody gets a campaign while it is quiet on their clock, nor on any other clock of their country.</summary>
public sealed class QuietHoursTests(PortalFixture portal) : DispatchTest(portal)
{
    private const int EveryDay = 127;

    private static readonly QuietRule _night = new("", new(21, 0), new(8, 0), EveryDay);

    [Theory]
    // Over midnight, one zone.
    [InlineData("SG", "2026-11-25T12:59:00Z", null)]
    [InlineData("SG", "2026-11-25T13:00:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("SG", "2026-11-25T23:59:00Z", "2026-11-26T00:00:00Z")]
    [InlineData("SG", "2026-11-26T00:00:00Z", null)]
    // Every zone of a country: Honolulu is the last to wake, New York the first to sleep.
    [InlineData("US", "2026-11-25T15:00:00Z", "2026-11-25T18:00:00Z")]
    [InlineData("US", "2026-11-25T19:00:00Z", null)]
    [InlineData("US", "2026-11-26T02:00:00Z", "2026-11-26T18:00:00Z")]
    // A shared calling code: Guam wakes when Honolulu's afternoon ends, and Newfoundland still has to be awake.
    [InlineData("+1", "2026-11-25T15:00:00Z", "2026-11-25T22:00:00Z")]
    // The night in which the clocks go back, and the one in which they go forward.
    [InlineData("GB", "2026-10-24T21:00:00Z", "2026-10-25T08:00:00Z")]
    [InlineData("GB", "2027-03-27T22:00:00Z", "2027-03-28T07:00:00Z")]
    // Several countries at once wait for all of them.
    [InlineData("SG GB", "2026-11-25T08:30:00Z", null)]
    [InlineData("SG GB", "2026-11-25T07:30:00Z", "2026-11-25T08:00:00Z")]
    public async Task It_goes_when_every_zone_is_awake(string countries, string at, string? until)
    {
        await SetAsync(_night);
        Assert.Equal(until, await UntilAsync(countries, at));
    }

    [Theory]
    // The whole of Sunday; and from Friday evening into Saturday.
    [InlineData(64, 0, 0, "2026-11-22T02:00:00Z", "2026-11-22T16:00:00Z")]
    [InlineData(64, 0, 0, "2026-11-21T02:00:00Z", null)]
    [InlineData(16, 21, 8, "2026-11-27T19:00:00Z", "2026-11-28T00:00:00Z")]
    [InlineData(16, 21, 8, "2026-11-26T19:00:00Z", null)]
    [InlineData(127, 0, 0, "2026-11-22T02:00:00Z", "infinity")]
    public async Task Days_are_those_on_which_it_begins(int days, int from, int to, string at, string? until)
    {
        await SetAsync(new QuietRule("", new(from, 0), new(to, 0), days));
        Assert.Equal(until, await UntilAsync("SG", at));
    }

    [Fact]
    public async Task A_country_with_a_rule_of_its_own_does_not_heed_the_one_for_all()
    {
        await SetAsync(_night, new("SG", new(9, 0), new(10, 0), EveryDay), new("TH", default, default, 0));
        Assert.Null(await UntilAsync("SG", "2026-11-25T15:00:00Z"));
        Assert.Equal("2026-11-25T02:00:00Z", await UntilAsync("SG", "2026-11-25T01:30:00Z"));
        Assert.Null(await UntilAsync("TH", "2026-11-25T18:00:00Z"));
        Assert.Equal("2026-11-26T00:00:00Z", await UntilAsync("MY", "2026-11-25T15:00:00Z"));
    }

    [Fact]
    public async Task A_batch_moves_as_a_whole_to_the_end_of_the_quiet_hours()
    {
        var (sending, lease, batch) = await ClaimedAsync(people: 10);
        await QuietNowAsync();
        var begun = await BeginAsync(lease, batch);
        Assert.False(begun.Ok);
        Assert.Equal(await EndAsync(), begun.Quiet!.At!.Value.UtcDateTime);
        await Get<HoldBack>().QuietAsync(Owner.Scope, Account, lease, batch, begun.Quiet, Ct);
        Assert.Equal("quiet_hours", await OneAsync<string>("select why from app.batches where state = 'planned' and not_before = $1", begun.Quiet.At.Value.UtcDateTime));
        Assert.Equal("running", await OneAsync<string>("select state from app.sendings where id = $1", sending));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.usage"));

        Assert.True((await Get<ChangeQuietHours>().RunAsync(Owner, [], Ct)).Ok);
        await Portal.Database.AdminAsync($"update app.batches set not_before = now() where sending_id = '{sending}'");
        Assert.True((await BeginAsync(lease, Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 10, Ct)))).Ok);
    }

    [Fact]
    public async Task A_sending_that_would_wait_too_long_pauses_and_asks()
    {
        var (sending, lease, batch) = await ClaimedAsync(people: 1);
        await SetAsync(new QuietRule("", default, default, EveryDay));
        var begun = await BeginAsync(lease, batch, numbers: 1);
        Assert.Null(begun.Quiet!.At);
        await Get<HoldBack>().QuietAsync(Owner.Scope, Account, lease, batch, begun.Quiet, Ct);
        Assert.Equal("paused quiet_hours", await OneAsync<string>("select state || ' ' || waits_for from app.sendings where id = $1", sending));
        Assert.Equal(1L, await BatchesAsync(sending, "planned"));
    }

    [Fact]
    public async Task A_test_message_is_not_held_back_and_who_may_not_change_the_hours_does_not()
    {
        await SetAsync(new QuietRule("", default, default, EveryDay));
        await StartAsync();
        var sending = (await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 0001", "Hello", Ct)).Value;
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 1, "the test is sent");
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<ChangeQuietHours>().RunAsync(Owner with { Role = MemberRole.Sender }, [], Ct));
        Assert.Equal("country_unknown", Assert.Single((await Get<ChangeQuietHours>().RunAsync(Owner, [new("XX", default, default, 1)], Ct)).Problems).Code);
        Assert.Equal("country_twice", Assert.Single((await Get<ChangeQuietHours>().RunAsync(Owner, [_night, _night], Ct)).Problems).Code);
    }

    private async Task SetAsync(params QuietRule[] rules) => Assert.Empty((await Get<ChangeQuietHours>().RunAsync(Owner, rules, Ct)).Problems);

    private async Task<string?> UntilAsync(string countries, string at)
    {
        var until = await OneAsync<string>("""
            select coalesce(to_char(nullif(u, 'infinity') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), u::text, '')
            from (select app.quiet_until($1, string_to_array($2, ' '), $3::timestamptz) as u) q
            """, Owner.TenantId, countries, at);
        return until.Length > 0 ? until : null;
    }

    /// <summary>From an hour ago to in an hour, in Singapore, where everybody is.</summary>
    private async Task QuietNowAsync()
    {
        await Portal.Database.AdminAsync($"update app.contacts set country = 'SG' where tenant_id = '{Owner.TenantId}'");
        var now = await OneAsync<int>("select floor(extract(epoch from (clock_timestamp() at time zone 'Asia/Singapore')::time) / 60)::int");
        await SetAsync(new QuietRule("SG", TimeOnly.MinValue.AddMinutes(now - 60), TimeOnly.MinValue.AddMinutes(now + 60), EveryDay));
    }

    private Task<DateTime> EndAsync() => OneAsync<DateTime>("""
        select (day + make_interval(mins => to_minute)) at time zone 'Asia/Singapore'
        from app.quiet_hours, lateral (select (clock_timestamp() at time zone 'Asia/Singapore')::date + o as day from generate_series(0, 1) o) d
        where (day + make_interval(mins => to_minute)) at time zone 'Asia/Singapore' > clock_timestamp() order by 1 limit 1
        """);

    private async Task<(Guid Sending, Lease Lease, ClaimedBatch Batch)> ClaimedAsync(int people)
    {
        var sending = await PreparedAsync("Hello", await ListAsync(people));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        return (sending, lease, Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 10, Ct)));
    }

    private Task<Begun> BeginAsync(Lease lease, ClaimedBatch batch, int numbers = 10) =>
        Get<BeginAttempt>().RunAsync(Owner.Scope, Account, lease, batch, 1, "20260101000000", numbers, numbers, Ct);
}
