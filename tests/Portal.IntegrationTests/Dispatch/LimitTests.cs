using Npgsql;
using Portal.Data;
using Portal.Dispatch;
using Portal.Members;
using Portal.Sms.Provider;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>What may be sent in a day and a month: exact, whoever begins at once, and given back when nothing left.</summary>
public sealed class LimitTests(PortalFixture portal) : DispatchTest(portal)
{
    [Theory]
    [InlineData(null, 100, true)]
    [InlineData(100, 99, true)]
    [InlineData(100, 100, false)]
    [InlineData(100, 101, false)]
    [InlineData(100, null, false)]
    [InlineData(100, -1, false)]
    public void What_takes_something_away_is_stricter(int? before, int? after, bool stricter)
    {
        Assert.Equal(stricter, new LimitFigures(DayMessages: after).IsStricterThan(new(DayMessages: before)));
        Assert.Equal(stricter, new LimitFigures(MonthSegments: after).IsStricterThan(new(MonthSegments: before)));
    }

    [Fact]
    public async Task A_figure_out_of_its_range_is_refused_whoever_sets_it()
    {
        var figures = new LimitFigures(int.MaxValue, 0, -1, int.MinValue);
        foreach (var problems in (IReadOnlyList<Problem>[])[
            (await Get<BoundTenant>().RunAsync(Operator.Console, Owner.TenantId, figures, Ct)).Problems,
            (await Get<ChangeLimits>().RunAsync(Owner, [new(Guid.Empty, figures)], Ct)).Problems])
        {
            Assert.Equal(4, problems.Count);
            Assert.All(problems, p => Assert.Equal("out_of_range", p.Code));
        }
    }

    [Fact]
    public async Task Twenty_that_begin_at_once_never_take_more_than_the_limit()
    {
        await LimitAsync(new(DayMessages: 70));
        var (lease, batches) = await ClaimedAsync(people: 200);
        Assert.Equal(20, batches.Count);
        var begun = await Task.WhenAll(batches.Select(b => BeginAsync(lease, b)));
        Assert.Equal(7, begun.Count(b => b is null));
        Assert.All(begun.Where(b => b is not null), b => Assert.Equal("full:day_messages", b));
        Assert.Equal((70L, 70L), await UsedAsync());
        Assert.Equal(7L, await OneAsync<long>("select count(*) from app.attempts"));
    }

    [Theory]
    [InlineData("day_messages", 15, null, null, null)]
    [InlineData("day_segments", null, 25, null, null)]
    [InlineData("month_messages", null, null, 15, null)]
    [InlineData("month_segments", null, null, null, 25)]
    public async Task Each_figure_holds_for_the_tenant_for_an_account_and_as_an_operators_bound(string word, int? dayMessages, int? daySegments, int? monthMessages, int? monthSegments)
    {
        var figures = new LimitFigures(dayMessages, daySegments, monthMessages, monthSegments);
        await PreparedAsync(new string('x', 200), await ListAsync(60));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        var batches = await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct);
        // Ten messages of two segments each.
        Assert.Null(await BeginAsync(lease, batches[0]));

        await LimitAsync(figures);
        Assert.Equal("full:" + word, await BeginAsync(lease, batches[1]));
        await LimitAsync(LimitFigures.None, Account, figures);
        Assert.Equal("full:account_" + word, await BeginAsync(lease, batches[1]));
        await LimitAsync(LimitFigures.None, Account, LimitFigures.None);
        Assert.True((await Get<BoundTenant>().RunAsync(Operator.Console, Owner.TenantId, figures, Ct)).Ok);
        Assert.Equal("full:" + word, await BeginAsync(lease, batches[1]));
        Assert.True((await Get<BoundTenant>().RunAsync(Operator.Console, Owner.TenantId, LimitFigures.None, Ct)).Ok);
        Assert.Null(await BeginAsync(lease, batches[1]));
    }

    [Fact]
    public async Task It_goes_on_at_the_next_midnight_of_the_tenants_zone()
    {
        await LimitAsync(new(DayMessages: 10, MonthSegments: 15));
        var (lease, batches) = await ClaimedAsync(people: 30);
        Assert.Null(await BeginAsync(lease, batches[0]));
        // The month's limit begins anew later than the day's, but for the last day of a month.
        var last = await OneAsync<bool>("select extract(day from (now() at time zone 'Asia/Shanghai')::date + 1) = 1");
        Assert.Equal(last ? "full:day_messages" : "full:month_segments", await BeginAsync(lease, batches[1]));
        await LimitAsync(new(DayMessages: 10));
        Assert.Equal("full:day_messages", await BeginAsync(lease, batches[1]));
        Assert.True(await OneAsync<bool>("""
            select again_at = ((now() at time zone 'Asia/Shanghai')::date + 1)::timestamp at time zone 'Asia/Shanghai' from app.limits_now($1, $2)
            """, Owner.TenantId, Account));

        // A day later in Shanghai it is used up no more.
        await Portal.Database.AdminAsync($"update app.usage set day = day - 1 where tenant_id = '{Owner.TenantId}'");
        Assert.Null(await BeginAsync(lease, batches[1]));
    }

    [Fact]
    public async Task The_month_counts_all_its_days_and_no_other()
    {
        await LimitAsync(new(MonthMessages: 15));
        var (lease, batches) = await ClaimedAsync(people: 30);
        await OneDayAsync("(date_trunc('month', now() at time zone 'Asia/Shanghai') - interval '1 day')::date", 1000);
        Assert.Null(await BeginAsync(lease, batches[0]));
        await Portal.Database.AdminAsync($"update app.usage set day = date_trunc('month', now() at time zone 'Asia/Shanghai')::date where tenant_id = '{Owner.TenantId}' and messages = 10");
        Assert.Equal("full:month_messages", await BeginAsync(lease, batches[1]));
    }

    [Fact]
    public async Task The_accounts_own_limit_and_the_operators_bound_hold_beside_the_tenants()
    {
        await LimitAsync(new(DayMessages: 100), Account, new(DayMessages: 15));
        var (lease, batches) = await ClaimedAsync(people: 60);
        Assert.Null(await BeginAsync(lease, batches[0]));
        Assert.Equal("full:account_day_messages", await BeginAsync(lease, batches[1]));

        await LimitAsync(new(DayMessages: 100), Account, LimitFigures.None);
        Assert.True((await Get<BoundTenant>().RunAsync(Operator.Console, Owner.TenantId, new(DayMessages: 25), Ct)).Ok);
        Assert.Null(await BeginAsync(lease, batches[1]));
        Assert.Equal("full:day_messages", await BeginAsync(lease, batches[2]));
        var refused = await Get<ChangeLimits>().RunAsync(Owner, [new(Guid.Empty, new(DayMessages: 26))], Ct);
        Assert.Equal("limit_over_bound", Assert.Single(refused.Problems).Code);
    }

    [Fact]
    public async Task What_did_not_leave_is_given_back_once_and_what_may_have_left_is_not()
    {
        await LimitAsync(new(DayMessages: 100));
        var (lease, batches) = await ClaimedAsync(people: 50);
        foreach (var batch in batches)
            Assert.Null(await BeginAsync(lease, batch));
        Assert.Equal((50L, 50L), await UsedAsync());

        await RecordAsync(batches[0], Accepted);
        await RecordAsync(batches[1], new(OutcomeKind.InDoubt, null, "timed_out", null));
        Assert.Equal((50L, 50L), await UsedAsync());
        await RecordAsync(batches[2], new(OutcomeKind.Refused, "108", null, null));
        await RecordAsync(batches[3], Outcome.TooLate);
        await RecordAsync(batches[3], Outcome.TooLate);
        await RecordAsync(batches[4], new(OutcomeKind.Halves, "104", null, null));
        Assert.Equal((20L, 20L), await UsedAsync());
        // The late reply of a doubt says that nothing was sent.
        await RecordAsync(batches[1], new(OutcomeKind.Refused, "108", null, null));
        Assert.Equal((10L, 10L), await UsedAsync());
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.attempts where counted_on is not null"));
    }

    [Fact]
    public async Task Given_back_after_midnight_it_is_taken_off_its_own_day()
    {
        await LimitAsync(new(DayMessages: 100));
        var (lease, batches) = await ClaimedAsync(people: 10);
        Assert.Null(await BeginAsync(lease, batches[0]));
        await Portal.Database.AdminAsync($"""
            update app.usage set day = day - 1 where tenant_id = '{Owner.TenantId}';
            update app.attempts set counted_on = counted_on - 1 where tenant_id = '{Owner.TenantId}'
            """);
        await OneDayAsync("(now() at time zone 'Asia/Shanghai')::date", 30);
        await RecordAsync(batches[0], Outcome.TooLate);
        Assert.Equal("0 30", await OneAsync<string>("select string_agg(m::text, ' ' order by day) from (select day, sum(messages) as m from app.usage group by day) d"));
    }

    [Fact]
    public async Task A_sending_over_the_limit_waits_loses_nobody_and_goes_on()
    {
        await LimitAsync(new(DayMessages: 35));
        var sending = await PreparedAsync("Hello", await ListAsync(100));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string>("select waits_for from app.sendings where id = $1", sending) is "day_messages", "the sending waits");
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 30, "what was allowed is sent");
        Assert.Equal(7L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state in ('planned', 'claimed')", sending));

        await LimitAsync(LimitFigures.None);
        await UntilQuietAsync(sending);
        Assert.Equal(100, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    [Fact]
    public async Task A_batch_that_alone_is_too_large_goes_on_in_halves()
    {
        await LimitAsync(new(DayMessages: 7));
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string>("select waits_for from app.sendings where id = $1", sending) is "day_messages", "the sending waits");
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 5, "one half is sent");
        Assert.Equal(5, (await LedgerNumbersAsync()).Count);
    }

    [Fact]
    public async Task A_search_for_a_bad_number_whose_test_is_too_large_ends_and_nobody_is_lost()
    {
        var (lease, batches) = await ClaimedAsync(people: 10);
        Assert.Null(await BeginAsync(lease, batches[0]));
        await RecordAsync(batches[0], new(OutcomeKind.Halves, "104", null, null));
        var test = Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 10, Guid.Empty, Ct));
        Assert.True(test.LooksForBadNumber);
        await LimitAsync(new(DayMessages: 3));
        Assert.Equal("large:day_messages", await BeginAsync(lease, test));
        await Get<HoldBack>().RunAsync(Owner.Scope, Account, lease, test, new("day_messages", TooLarge: true), Ct);
        // The two halves of the test, and what it had put off.
        Assert.Equal("0-2, 3-4, 5-9", await OneAsync<string>("""
            select string_agg(first_ordinal || '-' || last_ordinal, ', ' order by first_ordinal) from app.batches where state = 'planned' and not_before < clock_timestamp() and suspect_to is null
            """));

        await LimitAsync(LimitFigures.None);
        await lease.ReleaseAsync(Ct);
        await StartAsync();
        await UntilQuietAsync(test.SendingId);
        Assert.Equal(10, (await CountsAsync(test.SendingId)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(test.SendingId);
    }

    [Fact]
    public async Task Without_limits_it_is_counted_all_the_same_and_a_limit_set_later_knows()
    {
        var (lease, batches) = await ClaimedAsync(people: 200);
        Assert.All(await Task.WhenAll(batches.Take(10).Select(b => BeginAsync(lease, b))), Assert.Null);
        Assert.Equal((100L, 100L), await UsedAsync());
        await LimitAsync(new(DayMessages: 120));
        Assert.All(await Task.WhenAll(batches.Skip(10).Take(2).Select(b => BeginAsync(lease, b))), Assert.Null);
        Assert.Equal("full:day_messages", await BeginAsync(lease, batches[12]));
        await RecordAsync(batches[0], Outcome.TooLate);
        Assert.Null(await BeginAsync(lease, batches[12]));
        Assert.Equal((120L, 120L), await UsedAsync());
    }

    [Fact]
    public async Task Around_midnight_whoever_begins_a_little_late_still_sees_what_the_next_day_took()
    {
        await LimitAsync(new(MonthMessages: 40));
        var (lease, batches) = await ClaimedAsync(people: 20);
        // On the last day of a month there is no next day of it.
        var month = "date_trunc('month', now() at time zone 'Asia/Shanghai')";
        await OneDayAsync($"least((now() at time zone 'Asia/Shanghai')::date + 1, ({month} + interval '1 month - 1 day')::date)", 31);
        Assert.Equal("full:month_messages", await BeginAsync(lease, batches[0]));
    }

    [Fact]
    public async Task A_spread_sending_that_waits_keeps_its_plan()
    {
        await LimitAsync(new(DayMessages: 10));
        var sending = await PreparedAsync("Hello", 10, new SendingPace(TimeProvider.System.GetUtcNow().AddSeconds(2), null), await ListAsync(30));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string>("select waits_for from app.sendings where id = $1", sending) is "day_messages", "the sending waits");
        // What was begun before is answered meanwhile.
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 10, "ten are accepted");
        await LimitAsync(LimitFigures.None);
        await UntilQuietAsync(sending);
        Assert.Equal(30, (await CountsAsync(sending)).Accepted);
    }

    [Fact]
    public async Task Another_tenants_quota_cannot_be_taken_and_a_member_cannot_touch_an_operators_bound()
    {
        var stranger = await Portal.NewTenantAsync();
        await using var dispatch = await Portal.Databases.OpenAsync(DatabaseRole.Dispatch, stranger.Scope, Ct);
        var taken = await Record.ExceptionAsync(() => dispatch.RunAsync(Ct, "select app.take_quota($1, $2, 1, 1)", Owner.TenantId, Account));
        Assert.IsType<PostgresException>(taken);

        await Get<BoundTenant>().RunAsync(Operator.Console, Owner.TenantId, new(DayMessages: 25), Ct);
        await using var app = await Portal.Databases.OpenAsync(DatabaseRole.App, Owner.Scope, Ct);
        Assert.Equal(0, await app.RunAsync(Ct, "update app.limits set day_messages = 1000000 where set_by = 'operator'"));
        Assert.Equal(0, await app.RunAsync(Ct, "delete from app.limits where set_by = 'operator'"));
        Assert.IsType<PostgresException>(await Record.ExceptionAsync(() => app.RunAsync(Ct, """
            insert into app.limits (tenant_id, account_id, set_by, day_messages) values ($1, gen_random_uuid(), 'operator', 1)
            """, Owner.TenantId)));
        Assert.IsType<PostgresException>(await Record.ExceptionAsync(() => app.RunAsync(Ct, "delete from app.trials")));
    }

    private static Outcome Accepted => new(OutcomeKind.Accepted, "000", null, new() { Kind = AnswerKind.Accepted, TaskId = "1", Segments = 10 });

    private async Task LimitAsync(LimitFigures whole, Guid? account = null, LimitFigures? own = null)
    {
        LimitInput[] input = account is { } id ? [new(Guid.Empty, whole), new(id, own!)] : [new(Guid.Empty, whole)];
        Assert.Empty((await Get<ChangeLimits>().RunAsync(Owner, input, Ct)).Problems);
    }

    private async Task<(Lease Lease, List<ClaimedBatch> Batches)> ClaimedAsync(int people)
    {
        await PreparedAsync("Hello", await ListAsync(people));
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        return (lease, await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 100, Guid.Empty, Ct));
    }

    private Task RecordAsync(ClaimedBatch batch, Outcome outcome) => Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, outcome, Ct);

    private async Task<(long Messages, long Segments)> UsedAsync() =>
        (await OneAsync<long>("select sum(messages)::bigint from app.usage"), await OneAsync<long>("select sum(segments)::bigint from app.usage"));

    private Task OneDayAsync(string day, int messages) => Portal.Database.AdminAsync(
        $"insert into app.usage (tenant_id, day, account_id, slot, messages, segments) values ('{Owner.TenantId}', {day}, '{Account}', 0, {messages}, {messages})");
}
