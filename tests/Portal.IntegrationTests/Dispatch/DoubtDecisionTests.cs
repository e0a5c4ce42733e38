using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.IntegrationTests.Dispatch;

/// <summary>What a person decides about doubts, and replies that come after that.</summary>
public sealed class DoubtDecisionTests(PortalFixture portal) : DoubtTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";

    [Fact]
    public async Task Refused_when_it_was_sent_again_only_that_attempt_is_given_back_since_the_first_keeps_its_doubt()
    {
        var sending = await InDoubtAsync(people: 10);
        Assert.Equal(10L, await OneAsync<long>("select sum(messages)::bigint from app.usage"));
        await StopAsync();
        await AgeAsync(sending);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending, 0), Ct)).Ok);
        var lease = (await Lease.AcquireAsync(Portal.Databases, Owner.Scope, Account, 60, Ct))!;
        var batch = Assert.Single(await Get<ClaimBatches>().RunAsync(Owner.Scope, Account, lease, 10, Guid.Empty, Ct));
        Assert.Null(await BeginAsync(lease, batch));
        Assert.Equal(20L, await OneAsync<long>("select sum(messages)::bigint from app.usage"));
        await Get<RecordOutcome>().RunAsync(Owner.Scope, Account, batch, 10, new(OutcomeKind.Refused, "108", null, null), Ct);
        Assert.Equal("in_doubt", await OneAsync<string>("select state from app.batches where sending_id = $1 and batch_no = 0", sending));
        Assert.Equal(10L, await OneAsync<long>("select sum(messages)::bigint from app.usage"));
        Assert.Equal("1", await OneAsync<string>("select string_agg(attempt_no::text, ' ') from app.attempts where sending_id = $1 and counted_on is not null", sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Counted_as_sent_is_accepted_and_receipts_still_come()
    {
        var sending = await InDoubtAsync(people: 20, requests: 2);
        var one = await Get<CountAsSent>().RunAsync(Owner, new(sending, 0), Ct);
        Assert.Equal(new DoubtDecision(1, 10), one.Value);
        Assert.Equal("accepted counted 0", await BatchAsync(sending));
        Assert.Equal((10, 10), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt));
        Assert.Equal(new DoubtDecision(1, 10), (await Get<CountAsSent>().RunAsync(Owner, new(sending), Ct)).Value);
        Assert.Equal("nothing_in_doubt", Assert.Single((await Get<CountAsSent>().RunAsync(Owner, new(sending), Ct)).Problems).Code);
        Assert.Equal(2L, await OneAsync<long>("select count(*) from app.audit_entries where subject_id = $1 and action = 'doubts_counted' and details[3] = '10'", sending));
        var task = await TaskOfAsync(First);
        await PushAsync(task, First);
        await PushAsync(task, Second);
        await UntilToldAsync(sending, 2);
        Assert.Equal(2, (await CountsAsync(sending)).Delivered);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Sent_again_only_when_the_provider_would_refuse_the_old_request_and_without_those_who_have_a_receipt()
    {
        var sending = await InDoubtAsync();
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        var early = Assert.Single((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Problems);
        Assert.Equal("too_early", early.Code);
        Assert.InRange((DateTimeOffset)early.Values[0] - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(128), TimeSpan.FromMinutes(130));
        var task = await TaskOfAsync(First);
        await PushAsync(task, First);
        await PushAsync(task, Second);
        await UntilToldAsync(sending, 2);

        await AgeAsync(sending);
        Assert.Equal(new DoubtDecision(1, 8), (await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Value);
        Assert.Equal("nothing_in_doubt", Assert.Single((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Problems).Code);
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'accepted'", sending) == 1, "it is sent again");
        await UntilQuietAsync(sending);
        var ledger = await LedgerNumbersAsync();
        Assert.Equal((1, 1), (ledger[First], ledger[Second]));
        Assert.Equal(8, ledger.Count(n => n.Value == 2));
        Assert.Equal("8 2", await OneAsync<string>("select numbers || ' ' || left_out from app.attempts where sending_id = $1 and attempt_no = 2", sending));
        Assert.Equal((10, 0), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt));
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_receipt_that_comes_while_it_is_planned_again_leaves_its_number_out()
    {
        var sending = await PlannedAgainAsync();
        var task = await TaskOfAsync(First);
        await PushAsync(task, First);
        await PushAsync(task, Second);
        await UntilToldAsync(sending, 2);
        Assert.Equal(2, (await CountsAsync(sending)).Accepted);
        await AssertCountsAsync(sending);
        Assert.True(await Get<ControlSending>().ResumeAsync(Owner.Scope, sending, Ct));
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 10, "the others are sent");
        Assert.Equal(8, (await LedgerNumbersAsync()).Count(n => n.Value == 2));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_late_yes_keeps_what_is_planned_again_from_leaving()
    {
        var sending = await PlannedAgainAsync();
        await ReplyAsync(sending, "000", "77");
        Assert.Equal("accepted 0", await BatchAsync(sending));
        Assert.True(await Get<ControlSending>().ResumeAsync(Owner.Scope, sending, Ct));
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_late_yes_after_it_was_sent_again_is_a_double_that_stays_to_be_seen()
    {
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 10, "it is sent again");
        await ReplyAsync(sending, "000", "77");
        await ReplyAsync(sending, "000", "77");
        Assert.Equal(2L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'accepted'", sending));
        Assert.Equal((10, 20), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).Segments));
        // Both report the same person: one message, counted once.
        await PushAsync("77", First);
        await PushAsync(await OneAsync<string>("select task_id from app.attempts where sending_id = $1 and attempt_no = 2", sending), First);
        await UntilToldAsync(sending, 2);
        Assert.Equal(1, (await CountsAsync(sending)).Delivered);
        await AssertCountsAsync(sending);
    }

    [Theory]
    [InlineData("108")]
    [InlineData("105")]
    [InlineData("111")]
    public async Task A_late_no_undoes_what_was_counted_as_sent(string code)
    {
        var sending = await InDoubtAsync();
        Assert.True((await Get<CountAsSent>().RunAsync(Owner, new(sending), Ct)).Ok);
        await ReplyAsync(sending, code);
        Assert.Equal($"refused {code} 0", await BatchAsync(sending));
        Assert.Equal((0, 10), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).Refused));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_late_no_to_the_first_leaves_the_second_as_it_is()
    {
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == 10, "it is sent again");
        await ReplyAsync(sending, "108");
        Assert.Equal("accepted 000 0", await BatchAsync(sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Refused_the_second_time_it_is_in_doubt_as_before_until_the_first_is_refused_too()
    {
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        await PostAsync("faults", new { kind = "code", code = "108", times = 1 });
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => await BatchAsync(sending) == "in_doubt unreadable 0", "it is in doubt again");
        Assert.Equal((10, 0), ((await CountsAsync(sending)).InDoubt, (await CountsAsync(sending)).Refused));
        await AssertCountsAsync(sending);
        await ReplyAsync(sending, "108");
        Assert.Equal("refused 108 0", await BatchAsync(sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Called_off_before_it_is_sent_again_it_is_in_doubt_as_before()
    {
        var sending = await PlannedAgainAsync();
        Assert.True(await Get<ControlSending>().CancelAsync(Owner.Scope, sending, Ct));
        Assert.Equal("in_doubt unreadable 0", await BatchAsync(sending));
        Assert.Equal((10, 0), ((await CountsAsync(sending)).InDoubt, (await CountsAsync(sending)).Cancelled));
        Assert.Equal("sending_cancelled", Assert.Single((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Problems).Code);
        Assert.True((await Get<CountAsSent>().RunAsync(Owner, new(sending), Ct)).Ok);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task What_is_sent_again_counts_again_and_waits_for_the_limit()
    {
        Assert.True((await Get<ChangeLimits>().RunAsync(Owner, [new(Guid.Empty, new(DayMessages: 15))], Ct)).Ok);
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => await OneAsync<string>("select waits_for from app.sendings where id = $1", sending) is "day_messages", "the sending waits");
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.attempts"));

        // The late reply to the first request says that nothing was sent: there is room now.
        await ReplyAsync(sending, "108");
        Assert.Equal(0L, await OneAsync<long>("select sum(messages)::bigint from app.usage"));
        await UntilQuietAsync(sending);
        Assert.Equal(10, (await CountsAsync(sending)).Accepted);
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_doubt_that_is_sent_again_is_not_split_for_a_limit_that_is_too_small()
    {
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        Assert.True((await Get<ChangeLimits>().RunAsync(Owner, [new(Guid.Empty, new(DayMessages: 5))], Ct)).Ok);
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        await UntilAsync(async () => await OneAsync<string>("select waits_for from app.sendings where id = $1", sending) is "day_messages", "the sending waits");
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.batches where sending_id = $1", sending));
    }

    [Fact]
    public async Task A_batch_has_one_open_attempt_at_most()
    {
        var sending = await InDoubtAsync();
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Portal.Database.AdminAsync($"""
            insert into app.attempts (tenant_id, sending_id, batch_no, attempt_no, account_id, fence, key_version, timestamp, numbers, state, started_at)
            select tenant_id, sending_id, batch_no, 2, account_id, fence, key_version, timestamp, numbers, 'dispatching', now() from app.attempts where sending_id = '{sending}'
            """));
        Assert.Equal("ux_attempts_open", refused.ConstraintName);
    }

    [Fact]
    public async Task Who_only_looks_decides_nothing()
    {
        var viewer = Owner with { Role = MemberRole.Viewer };
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<CountAsSent>().RunAsync(viewer, new(Guid.NewGuid()), Ct));
        await Assert.ThrowsAsync<NotAllowedException>(() => Get<SendAgain>().RunAsync(viewer, new(Guid.NewGuid()), Ct));
        var stranger = await Portal.NewTenantAsync();
        var sending = await InDoubtAsync();
        Assert.Equal("nothing_in_doubt", Assert.Single((await Get<CountAsSent>().RunAsync(stranger, new(sending), Ct)).Problems).Code);
        Assert.Equal(10, (await CountsAsync(sending)).InDoubt);
    }

    [Fact]
    public async Task Doubts_from_before_a_person_let_the_account_go_on_do_not_pause_it_again()
    {
        await PostAsync("faults", new { kind = "garbage", when = "after", times = 3 });
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string?>("select stopped_code from app.accounts where id = $1", Account) == "doubts", "the account is paused");
        await UntilQuietAsync(sending);
        Assert.True((await Get<global::Portal.Accounts.EnableAccount>().RunAsync(Owner, Account, Ct)).Ok);
        await PostAsync("faults", new { kind = "garbage", when = "after", times = 1 });
        var next = await PreparedAsync("Hello again", await ListAsync(50));
        await UntilQuietAsync(next);
        Assert.Equal("active", await OneAsync<string>("select state from app.accounts where id = $1", Account));
        Assert.Equal((40, 10), ((await CountsAsync(next)).Accepted, (await CountsAsync(next)).InDoubt));
    }

    /// <summary>In doubt, then planned again while the sending is paused, so that it does not leave at once.</summary>
    private async Task<Guid> PlannedAgainAsync()
    {
        var sending = await InDoubtAsync();
        await AgeAsync(sending);
        Assert.True(await Get<ControlSending>().PauseAsync(Owner.Scope, sending, Ct));
        Assert.True((await Get<SendAgain>().RunAsync(Owner, new(sending), Ct)).Ok);
        Assert.Equal("planned unreadable 0", await BatchAsync(sending));
        Assert.Equal(0, (await CountsAsync(sending)).InDoubt);
        return sending;
    }
}
