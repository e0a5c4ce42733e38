using Portal.Accounts;
using Portal.Data;
using Portal.Dispatch;

namespace Portal.IntegrationTests.Dispatch;

public sealed class SendTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Everybody_is_sent_to_once_and_counted()
    {
        var sending = await PreparedAsync("Hello {{name}}", await ListAsync(120));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        Assert.Equal(120, (await LedgerNumbersAsync()).Count);
        var counts = await CountsAsync(sending);
        Assert.Equal((120, 0, 0), (counts.Accepted, counts.Refused, counts.InDoubt));
        Assert.Equal(120, counts.Segments);
        Assert.True(await Get<FinishSending>().RunAsync(Owner.Scope, sending, Ct));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("http500")]
    [InlineData("code999")]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("halfReply")]
    [InlineData("redirect")]
    public async Task What_nobody_can_know_is_in_doubt_and_never_sent_again(string fault)
    {
        await OneAsync<int?>("update app.tenant_settings set doubt_pause = 0 returning 1");
        foreach (var when in (string[])["before", "after"])
            await PostAsync("faults", new { kind = fault, when, times = 2, hangMs = 4000 });
        var sending = await PreparedAsync("Hello", await ListAsync(100));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.DoesNotContain(await LedgerNumbersAsync(), n => n.Value > 1);
        var counts = await CountsAsync(sending);
        Assert.Equal((60, 40), (counts.Accepted, counts.InDoubt));
        Assert.Equal(4L, await BatchesAsync(sending, "in_doubt"));
        Assert.Equal(80, (await LedgerNumbersAsync()).Count);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("202")]
    [InlineData("204")]
    [InlineData("206")]
    public async Task A_code_that_a_person_must_mend_stops_the_account_and_goes_on_where_it_stood(string code)
    {
        await PostAsync("faults", new { kind = "code", code, times = 1 });
        var sending = await PreparedAsync("Hello", await ListAsync(60));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string>("select state from app.accounts where id = $1", Account) == "stopped", "the account is stopped");
        Assert.Equal(code, await OneAsync<string>("select stopped_code from app.accounts where id = $1", Account));
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state in ('claimed', 'dispatching')", sending) == 0, "nothing is open");
        Assert.True(await BatchesAsync(sending, "planned") > 0);
        Assert.True((await Get<CheckAgain>().RunAsync(Owner, Account, Ct)).Ok);
        await UntilQuietAsync(sending);
        Assert.Equal(60, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    [Fact]
    public async Task A_malformed_request_fails_its_batch_alone()
    {
        await PostAsync("faults", new { kind = "code", code = "108", times = 1 });
        var sending = await PreparedAsync("Hello", await ListAsync(30));
        await StartAsync();
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal((20, 10), (counts.Accepted, counts.Refused));
    }

    [Fact]
    public async Task Too_frequent_is_slowed_down_and_sent_again()
    {
        await PostAsync("faults", new { kind = "code", code = "105", times = 3 });
        var sending = await PreparedAsync("Hello", await ListAsync(50));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.Equal(50, (await CountsAsync(sending)).Accepted);
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
    }

    [Fact]
    public async Task Nothing_listening_means_nothing_left_and_it_is_planned_again()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await using (var admin = await Portal.Database.OpenAdminAsync())
            await admin.RunAsync(Ct, "update app.accounts set base_address = $2 where id = $1", Account, "http://127.0.0.1:1");
        await StartAsync();
        // The pair is bound to its origin: at another address it does not open, so nothing can leave at all.
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state = 'planned' and not_before > now() - interval '1 minute'", sending) == 1, "planned again");
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending));
    }

    [Fact]
    public async Task Doubts_that_pile_up_pause_the_account()
    {
        await PostAsync("faults", new { kind = "code999", when = "after" });
        await OneAsync<int?>("update app.accounts set rate = 10 where id = $1 returning 1", Account);
        var sending = await PreparedAsync("Hello", await ListAsync(500));
        await StartAsync();
        await UntilAsync(async () => await OneAsync<string?>("select stopped_code from app.accounts where id = $1", Account) == "doubts", "the account is stopped for its doubts");
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state in ('claimed', 'dispatching')", sending) == 0, "nothing is open");
        Assert.True(await BatchesAsync(sending, "planned") > 0, "Some must have been kept back.");
    }

    [Fact]
    public async Task Somebody_who_opts_out_while_it_runs_is_not_written_to()
    {
        var sending = await PreparedAsync("Hello", await ListAsync(20));
        await OneAsync<int?>("insert into app.suppressions (tenant_id, number, reason, source, at) values ($1, '8619800000003', 'opted_out', 'test', now()) returning 1", Owner.TenantId);
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.DoesNotContain("8619800000003", (await LedgerNumbersAsync()).Keys);
        var counts = await CountsAsync(sending);
        Assert.Equal((19, 1), (counts.Accepted, counts.Dropped));
    }

    [Fact]
    public async Task Pause_and_cancel_take_effect_before_the_next_request()
    {
        await PostAsync("settings", new { latencyMs = 50 });
        await OneAsync<int?>("update app.accounts set rate = 10 where id = $1 returning 1", Account);
        var sending = await PreparedAsync("Hello", await ListAsync(300));
        await StartAsync();
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted >= 20, "two batches are accepted");
        Assert.True(await Get<ControlSending>().PauseAsync(Owner.Scope, sending, Ct));
        var attempts = await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending);
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.batches where sending_id = $1 and state in ('claimed', 'dispatching')", sending) == 0, "nothing is open");
        Assert.Equal(attempts, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending));
        Assert.True(await Get<ControlSending>().ResumeAsync(Owner.Scope, sending, Ct));
        await UntilAsync(async () => await OneAsync<long>("select count(*) from app.attempts where sending_id = $1", sending) > attempts, "it goes on");
        Assert.True(await Get<ControlSending>().CancelAsync(Owner.Scope, sending, Ct));
        await UntilQuietAsync(sending);
        var counts = await CountsAsync(sending);
        Assert.Equal(300, counts.Accepted + counts.Cancelled);
        Assert.Equal(counts.Accepted, (await LedgerNumbersAsync()).Count);
    }

    [Fact]
    public async Task A_test_message_is_one_real_message()
    {
        await StartAsync();
        var sent = await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 1234", "Just a test", Ct);
        await UntilQuietAsync(sent.Value);
        Assert.Equal(1, (await LedgerNumbersAsync())["8619800001234"]);
    }

    [Fact]
    public async Task A_test_message_goes_out_as_it_was_typed()
    {
        var sent = await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 1234", "Hello {{name}} and {{", Ct);
        Assert.Equal("Hello {{name}} and {{", await OneAsync<string>("select text from app.sending_texts where sending_id = $1", sent.Value));
    }

    [Fact]
    public async Task A_test_message_needs_a_number_with_its_country_and_a_text()
    {
        var refused = await Get<SendTest>().RunAsync(Owner, Account, "198 0000 1234", " ", Ct);
        Assert.Equal(["number_no_country", "text_empty"], refused.Problems.Select(p => p.Code));
    }
}
