using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>Nobody gets a campaign while it is quiet on their clock, nor on any other clock of their country; nobody is lost by it.</summary>
public sealed class QuietHoursTests(PortalFixture portal) : DoubtTest(portal)
{
    private const string Chinese = "Asia/Shanghai";

    [Fact]
    public async Task People_where_it_is_quiet_wait_and_those_of_another_country_do_not()
    {
        await QuietNowAsync("CN", Chinese);
        var sending = await PreparedAsync("Hello", await ListAsync(95), await AbroadAsync(105));
        await StartAsync();
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 105, "Singapore is written to");
        await UntilAsync(async () => await WaitingAsync(sending) == 95, "China waits");
        Assert.Equal(105, (await LedgerNumbersAsync()).Count);
        Assert.DoesNotContain(await LedgerNumbersAsync(), n => n.Key.StartsWith("86", StringComparison.Ordinal));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state <> 'accepted'", sending));
        // The one that had both goes on in two.
        Assert.Equal(1L, await BatchesAsync(sending, "split"));
        await AssertCountsAsync(sending);

        await SetAsync();
        await UntilQuietAsync(sending);
        Assert.Equal(200, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task It_goes_on_by_itself_when_the_quiet_hours_are_over()
    {
        // They end with a minute of the clock: enough of this one must be left to see them wait.
        await UntilAsync(() => OneAsync<bool>("select extract(second from clock_timestamp()) < 45"), "a minute begins", seconds: 20);
        var now = await ClockAsync(Chinese);
        await SetAsync(new QuietRule("CN", now.AddMinutes(-60), now.AddMinutes(1)));
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await StartAsync();
        await UntilAsync(async () => await WaitingAsync(sending) == 30, "everybody waits");
        Assert.Empty(await LedgerNumbersAsync());

        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 30, "it went on", seconds: 90);
        // The next end is tomorrow's: nothing was begun before today's.
        Assert.True(await OneAsync<bool>("select min(started_at) >= $2 from app.attempts where sending_id = $1", sending, await EndAsync("CN", Chinese) - TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task What_was_claimed_before_they_began_does_not_leave()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        var (lease, batch) = await ClaimAsync();
        using var signed = await SignedAsync(lease, batch);
        await QuietNowAsync("", Chinese);
        Assert.Equal("quiet", await BeginAsync(lease, batch));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.usage"));
    }

    [Fact]
    public async Task One_look_puts_off_all_that_waits_behind_it()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(300));
        var (lease, batch) = await ClaimAsync();
        await QuietNowAsync("CN", Chinese);
        await HoldAsync(lease, batch);
        var end = await EndAsync("CN", Chinese);
        Assert.Equal("30 planned quiet:CN then", await OneAsync<string>("""
            select string_agg(distinct concat_ws(' ', n, state, why, case when not_before = $2 then 'then' end), ', ') from (select state, why, not_before, count(*) as n from app.batches where sending_id = $1 group by 1, 2, 3) b
            """, sending, end));
        Assert.Empty(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct));

        // Fewer hours, and they are looked at again at once.
        await SetAsync(new QuietRule("SG", new(21, 0), new(8, 0)));
        Assert.Equal(30, (await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct)).Count);
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("Hello {{name}}")]
    public async Task A_batch_of_several_countries_is_cut_where_one_ends(string text)
    {
        // In the order of numbers: Singapore, Thailand, China; two of them wait, not equally long.
        var sending = await PreparedAsync(text, await ListAsync(2), await AbroadAsync(4), await AbroadAsync(3, "6681000000", "TH"));
        await SetAsync(await AroundNowAsync("TH", "Asia/Bangkok", 90), await AroundNowAsync("CN", Chinese, 30));
        await Portal.Database.AdminAsync($"update app.contacts set fields = jsonb_build_object('name', 'x') where tenant_id = '{Owner.TenantId}'");
        var (lease, batch) = await ClaimAsync();
        if (text == "Hello")
        {
            await HoldAsync(lease, batch);
            Assert.Equal("split 0-8, planned 0-3, planned 4-6 quiet:TH, planned 7-8 quiet:CN", await OneAsync<string>("""
                select string_agg(concat_ws(' ', state, first_ordinal || '-' || last_ordinal, why), ', ' order by batch_no) from app.batches where sending_id = $1
                """, sending));
        }
        await Get<ClaimBatches>().ReleaseAsync(Owner.Scope, [batch], lease, TimeSpan.Zero, Ct);
        await lease.ReleaseAsync(Ct);
        await StartAsync();
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 4, "Singapore is written to");
        await UntilAsync(async () => await WaitingAsync(sending) == 5, "the others wait");
        Assert.All(await LedgerNumbersAsync(), n => Assert.StartsWith("65", n.Key, StringComparison.Ordinal));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Whoever_would_wait_past_the_last_allowed_time_is_left_out_and_told()
    {
        await QuietNowAsync("CN", Chinese);
        var last = new SendingPace(null, null, TimeProvider.System.GetUtcNow().AddMinutes(20));
        var sending = await PreparedAsync("Hello", 10, last, await ListAsync(25), await AbroadAsync(15));
        await StartAsync();
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal((15, 25, 0), (counts.Accepted, counts.Dropped, counts.InDoubt));
        Assert.Equal(25L, await OneAsync<long>("select count(*) from app.skips where sending_id = $1 and reason = 'quiet_hours' and number like '86%'", sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_wait_that_ends_before_the_last_allowed_time_is_a_wait()
    {
        await QuietNowAsync("CN", Chinese);
        var sending = await PreparedAsync("Hello", 10, new SendingPace(null, null, TimeProvider.System.GetUtcNow().AddHours(3)), await ListAsync(25));
        await StartAsync();
        await UntilAsync(async () => await WaitingAsync(sending) == 25, "everybody waits");
        Assert.Equal(0, (await CountsAsync(sending)).Dropped);
    }

    [Fact]
    public async Task What_a_person_sends_again_waits_as_it_was_however_late()
    {
        var sending = await InDoubtAsync(people: 10);
        await StopAsync();
        await AgeAsync(sending);
        await Portal.Database.AdminAsync($"update app.sendings set last_at = now() where id = '{sending}'");
        await QuietNowAsync("CN", Chinese);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending, 0), Ct)).Ok);
        var (lease, batch) = await ClaimAsync();
        await HoldAsync(lease, batch);
        Assert.Equal("planned quiet:CN 0", await BatchAsync(sending));
        Assert.Equal(0, (await CountsAsync(sending)).Dropped);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Tests_and_whoever_waits_for_a_code_get_it_at_any_hour()
    {
        await QuietNowAsync("", Chinese);
        await StartAsync();
        var test = (await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 0001", "Hello", Ct)).Value;
        await UntilAsync(async () => (await CountsAsync(test)).Accepted == 1, "the test is sent");
    }

    [Fact]
    public async Task A_loop_does_not_stay_for_what_waits_until_the_morning()
    {
        await QuietNowAsync("CN", Chinese);
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await StartAsync();
        await UntilAsync(async () => await WaitingAsync(sending) == 30, "everybody waits");
        await UntilAsync(() => Portal.Database.AdminScalarAsync<bool>($"select until < now() from infra.leases where account_id = '{Account}'"), "the loop has ended");
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from infra.due_work() where account_id = '{Account}'"));
    }

    private async Task<(Lease Lease, ClaimedBatch Batch)> ClaimAsync()
    {
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        return (lease, Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 1, Guid.Empty, Ct)));
    }

    private async Task HoldAsync(Lease lease, ClaimedBatch batch)
    {
        Assert.Equal("quiet", await BeginAsync(lease, batch));
        await Get<HoldQuiet>().RunAsync(Owner.Scope, Account, lease, batch, Ct);
    }

    private async Task SetAsync(params QuietRule[] rules) => Assert.Empty((await Get<ChangeQuietHours>().RunAsync(Owner, rules, Ct)).Problems);

    /// <summary>On the clock of that zone from an hour ago to in fifty minutes: in Urumqi, two hours behind, they have not begun when they end in Shanghai.</summary>
    private async Task QuietNowAsync(string country, string zone) => await SetAsync(await AroundNowAsync(country, zone, 50));

    private async Task<QuietRule> AroundNowAsync(string country, string zone, int minutes)
    {
        var now = await ClockAsync(zone);
        return new QuietRule(country, now.AddMinutes(-60), now.AddMinutes(minutes));
    }

    private async Task<TimeOnly> ClockAsync(string zone) =>
        TimeOnly.MinValue.AddMinutes(await OneAsync<int>("select floor(extract(epoch from (clock_timestamp() at time zone $1)::time) / 60)::int", zone));

    /// <summary>When they end next.</summary>
    private Task<DateTime> EndAsync(string country, string zone) => OneAsync<DateTime>("""
        select (day + make_interval(mins => to_minute)) at time zone $2
        from app.quiet_hours, lateral (select (clock_timestamp() at time zone $2)::date + o as day from generate_series(0, 1) o) d
        where country = $1 and (day + make_interval(mins => to_minute)) at time zone $2 > clock_timestamp() order by 1 limit 1
        """, country, zone);

    private Task<long> WaitingAsync(Guid sending) => OneAsync<long>("""
        select coalesce(sum(last_ordinal - first_ordinal + 1), 0)::bigint from app.batches
        where sending_id = $1 and state = 'planned' and why like 'quiet:%' and not_before > clock_timestamp() and not_before < 'infinity'
        """, sending);

    /// <summary>A list of so many contacts of another country, which the tenant writes to.</summary>
    private async Task<Guid> AbroadAsync(int people, string first = "6581000000", string country = "SG")
    {
        var list = Guid.CreateVersion7();
        await Portal.Database.AdminAsync($"""
            update app.tenant_settings set extra_countries = array_append(extra_countries, '{country}') where tenant_id = '{Owner.TenantId}';
            insert into app.lists (tenant_id, id, name, created_at) values ('{Owner.TenantId}', '{list}', '{list}', now());
            with added as (
                insert into app.contacts (tenant_id, id, number, country, fields, created_at)
                select '{Owner.TenantId}', gen_random_uuid(), ({first} + n)::text, '{country}', jsonb_build_object('name', 'x'), now() from generate_series(0, {people} - 1) n returning id, number)
            insert into app.list_members (tenant_id, list_id, contact_id, number) select '{Owner.TenantId}', '{list}', id, number from added
            """);
        return list;
    }
}
