using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portal.Simulator.Accounts;
using Portal.Simulator.Receipts;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class ReceiptsTests
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_receipt_is_the_documents_byte_for_byte()
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator);
        await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 500, spreadMs = 0 } });

        await simulator.CodeAsync();
        await simulator.UntilLedgerAsync("receipts.ok", 1, _step);

        var push = Assert.Single(receiver.Pushes);
        Assert.Equal(
            "{\n    \"apikey\":\"230sms\",\n    \"taskid\":\"857319414809231360\",\n    \"mobile\":\"861980000000\",\n    \"status\":\"DELIVRD\",\n    \"times\":\"2020-04-10 08:10\",\n}",
            push.Body);
        Assert.Equal("application/json; charset=utf-8", push.ContentType);
        Assert.True(push.Time >= new DateTimeOffset(2020, 4, 10, 0, 10, 20, 500, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_masked_receipt_hides_four_digits_and_an_apikey_keeps_its_signs()
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator);
        await simulator.PutAccountAsync(new { apikey = "a+b/c==", pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0, masked = true } });

        await simulator.CodeAsync(simulator.Request("8612340001", r => r["apikey"] = "a+b/c=="));
        await simulator.UntilLedgerAsync("receipts.ok", 1, _step);

        var body = Assert.Single(receiver.Pushes).Body;
        Assert.Contains("\"mobile\":\"861234****\",", body, StringComparison.Ordinal);
        Assert.Contains("\"apikey\":\"a+b/c==\",", body, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"UNDELIV\",", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_accepted_number_has_one_receipt_and_refused_ones_have_none()
    {
        await using var receiver = await ReceiptReceiver.StartAsync(_ => (StatusCodes.Status200OK, "OK"), TimeProvider.System);
        await using var simulator = await StartAsync($"--Receipts:PushUrl={receiver.Address}");
        await simulator.PutAccountAsync();
        var numbers = Enumerable.Range(0, 50).Select(i => $"86198{i:D8}").ToArray();

        await simulator.CodeAsync(string.Join(',', numbers));
        await simulator.CodeAsync("861990000001,bad");
        await simulator.UntilLedgerAsync("receipts.ok", 50, _step);

        Assert.Equal(numbers, receiver.Pushes.Select(MobileOf).Order());
        Assert.Equal("""{"pushed":50,"ok":50,"failed":0,"lost":0,"waiting":0}""", (await simulator.GetAsync("/ledger"))["receipts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_receipt_may_come_before_the_reply()
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator);
        await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0 } });
        await simulator.PostAsync("/faults", new { kind = "hang", when = "after" });
        using var left = new CancellationTokenSource();

        var call = simulator.PostAsync(simulator.Request().ToJsonString(), cancellationToken: left.Token);
        await simulator.UntilLedgerAsync("receipts.ok", 1, _step);

        Assert.False(call.IsCompleted);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(200, "OK", true)]
    [InlineData(200, " OK\n", true)]
    [InlineData(500, "OK", true)]
    [InlineData(200, "ok", false)]
    [InlineData(200, "OK!", false)]
    [InlineData(200, "\"OK\"", false)]
    [InlineData(200, "", false)]
    [InlineData(302, "", false)]
    public async Task Only_the_text_OK_is_a_success(int status, string answer, bool success)
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator, _ => (status, answer));
        await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0 } });

        await simulator.CodeAsync();

        await simulator.UntilLedgerAsync(success ? "receipts.ok" : "receipts.failed", 1, _step);
        Assert.Equal(0, await simulator.LedgerAsync(success ? "receipts.failed" : "receipts.ok"));
    }

    [Fact]
    public async Task A_receipt_that_nobody_takes_is_pushed_four_times_at_growing_distances_and_lost()
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator, _ => (StatusCodes.Status200OK, "no"));
        await simulator.PostAsync("/settings", new { timeScale = 0.001 });
        await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0 } });

        await simulator.CodeAsync();
        await simulator.UntilLedgerAsync("receipts.lost", 1, _step);

        var pushes = receiver.Pushes.ToArray();
        Assert.Equal(4, pushes.Length);
        Assert.True(pushes[1].Time - pushes[0].Time >= TimeSpan.FromSeconds(0.3));
        Assert.True(pushes[2].Time - pushes[1].Time >= TimeSpan.FromSeconds(0.9));
        Assert.True(pushes[3].Time - pushes[2].Time >= TimeSpan.FromSeconds(1.8));
        Assert.Single(pushes.Select(p => p.Body).Distinct(StringComparer.Ordinal));
        Assert.Equal("""{"pushed":4,"ok":0,"failed":4,"lost":1,"waiting":0}""", (await simulator.GetAsync("/ledger"))["receipts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_receipt_that_is_taken_later_is_not_pushed_again()
    {
        await using var simulator = await WithAccountAsync();
        await using var receiver = await ReceiverAsync(simulator, push => (StatusCodes.Status200OK, push < 3 ? "busy" : "OK"));
        await simulator.PostAsync("/settings", new { timeScale = 0.001 });
        await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0 } });

        await simulator.CodeAsync();
        await simulator.UntilLedgerAsync("receipts.ok", 1, _step);

        Assert.Equal("""{"pushed":3,"ok":1,"failed":2,"lost":0,"waiting":0}""", (await simulator.GetAsync("/ledger"))["receipts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_a_failure()
    {
        await using var simulator = await WithAccountAsync(new { pushUrl = "http://127.0.0.1:1/receipts", delivery = new { delayMs = 0, spreadMs = 0 } });
        await simulator.CodeAsync();
        await simulator.UntilLedgerAsync("receipts.failed", 1, _step);
        Assert.Equal(1, await simulator.LedgerAsync("receipts.waiting"));
    }

    [Fact]
    public void The_distances_are_5_15_and_30_minutes()
    {
        Assert.Equal(TimeSpan.FromMinutes(5), ReceiptSchedule.WaitAfter(1, 1));
        Assert.Equal(TimeSpan.FromMinutes(15), ReceiptSchedule.WaitAfter(2, 1));
        Assert.Equal(TimeSpan.FromMinutes(30), ReceiptSchedule.WaitAfter(3, 1));
        Assert.Null(ReceiptSchedule.WaitAfter(4, 1));
    }

    [Theory]
    [InlineData(0, "DELIVRD")]
    [InlineData(1, "UNDELIV")]
    [InlineData(2, "EXPIRED")]
    [InlineData(3, "REJECTD")]
    [InlineData(4, "DELETED")]
    [InlineData(5, "MK:0001")]
    [InlineData(6, "DB:0141")]
    [InlineData(7, "SIGFAIL")]
    [InlineData(8, "CB:0010")]
    [InlineData(9, "MN:0001")]
    public void The_last_four_digits_say_how_a_message_ends(int end, string status)
    {
        Assert.Equal(status, Outcome.StatusOf(861_980_000_000 + end, new DeliveryOptions { Delivered = 0 }));
        Assert.Equal(status, Outcome.StatusOf(861_981_230_000 + end, new DeliveryOptions { Delivered = 1 }));
    }

    [Fact]
    public void The_others_follow_the_share_and_end_the_same_every_time()
    {
        var delivery = new DeliveryOptions { Delivered = 0.9, FailedStatuses = ["EXPIRED", "MK:0001"] };
        string[] End() => [.. Enumerable.Range(10, 9_990).Select(i => Outcome.StatusOf(861_980_000_000 + i, delivery))];

        var ends = End();

        Assert.Equal(ends, End());
        Assert.Equal(["DELIVRD", "EXPIRED", "MK:0001"], ends.Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(ends.Count(e => e == "DELIVRD"), 8_800, 9_200);
    }

    private static Task<ReceiptReceiver> ReceiverAsync(RunningSimulator simulator, Func<int, (int Status, string Body)>? answer = null) =>
        ReceiptReceiver.StartAsync(answer ?? (_ => (StatusCodes.Status200OK, "OK")), simulator.Clock);

    private static string MobileOf(Push push) =>
        JsonNode.Parse(push.Body, documentOptions: new() { AllowTrailingCommas = true })!["mobile"]!.GetValue<string>();
}
