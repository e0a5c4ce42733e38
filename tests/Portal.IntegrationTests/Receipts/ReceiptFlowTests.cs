using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>What an account's page says of its receipts: the figures, the watchdog, the test message.</summary>
public sealed class ReceiptFlowTests(PortalFixture portal) : DispatchTest(portal)
{
    [Fact]
    public async Task Before_the_first_message_there_is_nothing_to_say() =>
        Assert.Equal(new ReceiptFlow(null, null, 0, 0, null, null), await FlowAsync());

    [Fact]
    public async Task Receipts_that_stopped_are_told_until_the_next_one_comes()
    {
        var sending = await SentAsync(10);
        Assert.Null((await FlowAsync()).Silence);

        await AgeAsync(sending, "20 minutes");
        var silence = (await FlowAsync()).Silence!;
        Assert.Equal((Account, "Test", 10L, null), (silence.Id, silence.Label, silence.Messages, silence.LastAt));
        Assert.Equal(Account, Assert.Single(await SilentAsync(Owner.TenantId)).Id);
        Assert.Empty(await SilentAsync((await Portal.NewTenantAsync()).TenantId));

        await PushAsync(await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending), "8619800000000");
        await UntilAsync(async () => (await FlowAsync()).LastAt is not null, "the receipt is applied");
        var flow = await FlowAsync();
        Assert.Null(flow.Silence);
        Assert.Equal((10L, 9L), (flow.Accepted, flow.Without));
        Assert.NotNull(flow.LagMs);
        Assert.Empty(await SilentAsync(Owner.TenantId));
    }

    [Theory]
    [InlineData("20 minutes", false)]
    [InlineData("2 hours", true)]
    [InlineData("80 hours", false)]
    public async Task A_single_message_is_no_alarm_before_an_hour_and_none_after_72(string age, bool silent)
    {
        await AgeAsync(await SentAsync(1), age);
        Assert.Equal(silent, (await FlowAsync()).Silence is not null);
    }

    [Fact]
    public async Task Messages_from_before_the_newest_receipt_are_no_silence()
    {
        var sending = await SentAsync(10);
        await AgeAsync(sending, "2 hours");
        await Portal.Database.AdminAsync($"insert into app.receipt_pulses values ('{Owner.TenantId}', '{Account}', now() - interval '1 hour', now(), 10, 1)");
        Assert.Null((await FlowAsync()).Silence);
        await AgeAsync(sending, "-80 minutes");
        Assert.Equal(10L, (await FlowAsync()).Silence!.Messages);
    }

    [Fact]
    public async Task A_test_message_is_followed_to_its_receipt()
    {
        await StartAsync();
        var sending = (await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 1234", "Hello", Ct)).Value;
        await UntilAsync(async () => (await FlowAsync()).Test?.AcceptedAt is not null, "it is accepted");
        var run = (await FlowAsync()).Test!;
        var task = await OneAsync<string>("select task_id from app.attempts where sending_id = $1", sending);
        Assert.Equal((task, TestStepState.Waiting), (run.TaskId, TestSteps.Of(run)[^1].State));
        Assert.False(TestSteps.IsOver(run));

        await PushAsync(task, "8619800001234");
        await UntilAsync(async () => TestSteps.IsOver((await FlowAsync()).Test!), "its receipt is counted");
        run = (await FlowAsync()).Test!;
        Assert.Equal(("DELIVRD", run.ReceivedAt), (run.Status, run.LastAt));
        Assert.NotNull(run.LagMs);
    }

    [Fact]
    public async Task A_test_message_that_the_provider_refuses_says_so()
    {
        await PutAsync("accounts", new { apikey = ApiKey, secret = "0123456789abcdef0123456789abcdef", kind = "both", badNumbers = new[] { "8619800001234" } });
        await StartAsync();
        Assert.True((await Get<SendTest>().RunAsync(Owner, Account, "+86 198 0000 1234", "Hello", Ct)).Ok);
        await UntilAsync(async () => (await FlowAsync()).Test is { Batch: "refused" }, "it is refused");
        var run = (await FlowAsync()).Test!;
        Assert.Equal(("104", "refused"), (run.Why, TestSteps.Of(run)[^1].Why));
    }

    private async Task<Guid> SentAsync(int people)
    {
        var sending = await PreparedAsync("Hello", await ListAsync(people));
        await StartAsync();
        await UntilQuietAsync(sending);
        await UntilAsync(async () => (await CountsAsync(sending)).Accepted == people, "all are accepted");
        return sending;
    }

    private Task AgeAsync(Guid sending, string age) => Portal.Database.AdminAsync($"""
        update app.attempts set started_at = started_at - interval '{age}', ended_at = ended_at - interval '{age}' where sending_id = '{sending}'
        """);

    private Task<ReceiptFlow> FlowAsync() => Get<AccountReceipts>().RunAsync(Owner, Account, Ct);

    private async Task<List<SilentAccount>> SilentAsync(Guid tenant)
    {
        await using var connection = await Portal.Databases.OpenAsync(DatabaseRole.App, new TenantScope(tenant), Ct);
        return await ReceiptSilence.ReadAsync(connection, tenant, accountId: null, Ct);
    }
}
