using Portal.IntegrationTests.Dispatch;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>Receipts with a taskid that no reply has told: what they prove, and what they must not.</summary>
public sealed class EvidenceTests(PortalFixture portal) : DoubtTest(portal)
{
    private const string First = "8619800000000";
    private const string Second = "8619800000001";

    [Theory]
    [InlineData(100)]
    [InlineData(3500)]
    public async Task A_request_that_hangs_after_it_was_taken_is_settled_by_its_receipts(int delayMs)
    {
        await using var webhook = await Webhook.StartAsync(Get<ReceiptInbox>());
        await PutAsync("accounts", new
        {
            apikey = ApiKey,
            secret = "0123456789abcdef0123456789abcdef",
            kind = "both",
            rate = 1000,
            concurrency = 200,
            pushUrl = webhook.Urls.First() + "/receipts",
            delivery = new { delayMs, spreadMs = 300 },
        });
        var sending = await InDoubtAsync(people: 20, fault: "hang");
        await UntilToldAsync(sending, 20);
        // The last four digits say how each ends: one of the ten is delivered.
        await UntilAsync(async () => (await CountsAsync(sending)).InDoubt == 0, "nobody is in doubt");
        var batch = await OneAsync<int>("select batch_no from app.attempts where sending_id = $1 and state = 'in_doubt'", sending);
        Assert.Equal("accepted receipts 10", await BatchAsync(sending, batch));
        Assert.Equal(20, (await CountsAsync(sending)).Accepted);
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and state = 'in_doubt' and task_id is null", sending));
        Assert.Equal(await TaskOfAsync($"86198000000{batch}0"), await OneAsync<string>("select task_id from app.task_evidence where sending_id = $1", sending));
        Assert.Equal(0L, await OneAsync<long>("select count(*) from app.attempts where sending_id = $1 and attempt_no > 1", sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Two_numbers_settle_themselves_and_the_others_stay_in_doubt()
    {
        var sending = await InDoubtAsync();
        var task = await TaskOfAsync(First);
        await PushAsync(task, First);
        await UntilParkedAsync(1);
        Assert.Equal("in_doubt unreadable 0", await BatchAsync(sending));
        await PushAsync(task, Second, "ENROUTE");
        await UntilToldAsync(sending, 2);
        Assert.Equal("in_doubt unreadable 2", await BatchAsync(sending));
        var counts = await CountsAsync(sending);
        Assert.Equal((2, 8, 1), (counts.Accepted, counts.InDoubt, counts.Delivered));
        await PushAsync(task, "8619800000005", "UNDELIV");
        await UntilToldAsync(sending, 3);
        await AssertCountsAsync(sending);
        Assert.Null(await OneAsync<string?>("select task_id from app.attempts where sending_id = $1", sending));
        Assert.Equal(0L, await Portal.Database.AdminScalarAsync<long>($"select count(*) from app.stray_receipts where account_id = '{Account}'"));
    }

    [Fact]
    public async Task One_number_each_proves_nothing_and_two_forged_ones_touch_only_those_two()
    {
        var sending = await InDoubtAsync();
        await PushAsync("111", First);
        await PushAsync("222", Second);
        await UntilParkedAsync(2);
        await TryParkedAsync();
        Assert.Equal((0, 10), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt));

        await PushAsync("111", Second);
        await UntilToldAsync(sending, 2);
        Assert.Equal((2, 8), ((await CountsAsync(sending)).Accepted, (await CountsAsync(sending)).InDoubt));
        // What is real still finds its way.
        var task = await TaskOfAsync(First);
        await PushAsync(task, "8619800000004");
        await PushAsync(task, "8619800000005");
        await UntilToldAsync(sending, 4);
        Assert.Equal("in_doubt unreadable 4", await BatchAsync(sending));
        Assert.All(await LedgerNumbersAsync(), n => Assert.Equal(1, n.Value));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Masked_numbers_strangers_and_receipts_from_before_the_request_prove_nothing()
    {
        await StartAsync();
        await PushAsync("111", First);
        await PushAsync("111", Second);
        await UntilParkedAsync(2);
        var sending = await InDoubtKeepingParkedAsync();
        await TryParkedAsync();
        await PushAsync("222", "86198000000*0");
        await PushAsync("222", "86198000000*1");
        await PushAsync("333", "8619900000000");
        await PushAsync("333", First);
        await UntilParkedAsync(6);
        await TryParkedAsync();
        Assert.Equal("in_doubt unreadable 0", await BatchAsync(sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task Numbers_that_two_open_requests_hold_prove_nothing()
    {
        var one = await InDoubtAsync();
        var two = await InDoubtAsync();
        await PushAsync("111", First);
        await PushAsync("111", Second);
        await UntilParkedAsync(2);
        await TryParkedAsync();
        Assert.Equal((10, 10), ((await CountsAsync(one)).InDoubt, (await CountsAsync(two)).InDoubt));
    }

    [Fact]
    public async Task A_taskid_that_names_people_of_two_requests_proves_nothing()
    {
        var sending = await InDoubtAsync(people: 20, requests: 2);
        // By turns: two of one request alone would prove it, where they are applied before the others come.
        foreach (var number in (string[])[First, "8619800000010", Second, "8619800000011"])
            await PushAsync("111", number);
        await UntilParkedAsync(4);
        await TryParkedAsync();
        Assert.Equal(20, (await CountsAsync(sending)).InDoubt);
    }

    [Fact]
    public async Task A_request_with_one_number_is_settled_by_one_receipt()
    {
        var sending = await InDoubtAsync(people: 1);
        await PushAsync(await TaskOfAsync(First), First);
        await UntilToldAsync(sending, 1);
        Assert.Equal("accepted receipts 1", await BatchAsync(sending));
        await AssertCountsAsync(sending);
    }

    [Fact]
    public async Task A_receipt_for_a_refused_number_is_an_alarm_and_ends_halving_for_the_account()
    {
        await Portal.Database.AdminAsync("truncate infra.parked_receipts, infra.receipt_inbox");
        await PostAsync("faults", new { kind = "code", code = "108", times = 1 });
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await StartAsync();
        await UntilQuietAsync(sending);
        Assert.Equal(10, (await CountsAsync(sending)).Refused);
        await PushAsync("111", First);
        await UntilAsync(() => OneAsync<bool>("select no_halving from app.accounts where id = $1", Account), "halving is off");
        await PushAsync("111", Second);
        await UntilParkedAsync(2);
        Assert.Equal(1L, await OneAsync<long>("select count(*) from app.audit_entries where subject_id = $1 and action = 'refusal_doubted'", Account));
        Assert.Equal(10, (await CountsAsync(sending)).Refused);
        Assert.Equal("active", await OneAsync<string>("select state from app.accounts where id = $1", Account));
        Assert.Empty(await LedgerNumbersAsync());
        await AssertCountsAsync(sending);
    }

    private async Task<Guid> InDoubtKeepingParkedAsync()
    {
        await OneAsync<int?>("update app.tenant_settings set doubt_pause = 0 returning 1");
        await PostAsync("faults", new { kind = "garbage", when = "after", times = 1 });
        var sending = await PreparedAsync("Hello", await ListAsync(10));
        await UntilQuietAsync(sending);
        return sending;
    }
}
