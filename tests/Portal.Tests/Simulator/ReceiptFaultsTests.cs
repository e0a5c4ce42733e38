using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.Tests.Simulator;

public sealed class ReceiptFaultsTests
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData("twice", 2)]
    [InlineData("fourTimes", 4)]
    public async Task A_receipt_comes_more_than_once_though_it_was_taken(string kind, int times)
    {
        await using var scene = await Scene.SetAsync(new { kind });
        await scene.SendAsync(RunningSimulator.Number, times);
        Assert.Single(scene.Bodies.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_word_before_the_last_one_comes_behind_it()
    {
        await using var scene = await Scene.SetAsync(new { kind = "outOfOrder" });
        await scene.SendAsync(RunningSimulator.Number, 2);
        Assert.Equal(["DELIVRD", "ENROUTE"], scene.All("status"));
    }

    [Theory]
    [InlineData("861980000000", "DELIVRD", "UNDELIV")]
    [InlineData("861980000001", "UNDELIV", "DELIVRD")]
    [InlineData("861980000005", "MK:0001", "DELIVRD")]
    public async Task A_second_receipt_says_the_opposite(string number, string first, string second)
    {
        await using var scene = await Scene.SetAsync(new { kind = "conflicting" });
        await scene.SendAsync(number, 2);
        Assert.Equal([first, second], scene.All("status"));
    }

    [Fact]
    public async Task Four_digits_are_hidden_though_the_account_shows_them()
    {
        await using var scene = await Scene.SetAsync(new { kind = "masked" });
        await scene.SendAsync(RunningSimulator.Number, 1);
        Assert.Equal(["86198000****"], scene.All("mobile"));
    }

    [Fact]
    public async Task A_missing_receipt_never_comes_and_nothing_waits_for_it()
    {
        await using var scene = await Scene.SetAsync(new { kind = "missing", share = 0.5 });
        await scene.SendAsync("861980000000,861980000001,861980000002,861980000003", 2);
        Assert.Equal(0, await scene.Simulator.LedgerAsync("receipts.waiting"));
        Assert.Equal(4, await scene.Simulator.LedgerAsync("numbers"));
    }

    [Fact]
    public async Task A_delayed_receipt_comes_hours_later_on_the_scale_of_time()
    {
        await using var scene = await Scene.SetAsync(new { kind = "delayed", hours = 6 });
        await scene.Simulator.PostAsync("/settings", new { timeScale = 0.001 });
        var sent = scene.Simulator.Clock.GetUtcNow();
        await scene.SendAsync(RunningSimulator.Number, 1);
        Assert.True(scene.Receiver.Pushes.Single().Time - sent >= TimeSpan.FromHours(6) * 0.001);
    }

    [Fact]
    public async Task A_receipt_with_anothers_apikey_goes_to_its_own_accounts_address()
    {
        await using var scene = await Scene.SetAsync(new { kind = "otherAccount", @as = "a+b/c==" });
        await scene.SendAsync(RunningSimulator.Number, 1);
        Assert.Equal(["a+b/c=="], scene.All("apikey"));
        Assert.Equal("857319414809231360", Assert.Single(scene.All("taskid")));
    }

    [Fact]
    public async Task A_reply_is_held_back_until_its_receipt_has_come()
    {
        await using var scene = await Scene.SetAsync(new { kind = "beforeReply", holdMs = 500 });
        var reply = scene.Simulator.CodeAsync();
        await scene.Simulator.UntilLedgerAsync("receipts.ok", 1, TimeSpan.FromMilliseconds(5));
        Assert.False(reply.IsCompleted);
        await scene.Simulator.UntilAsync(() => Task.FromResult(reply.IsCompleted), _step);
        Assert.Equal("000", await reply);
    }

    [Fact]
    public async Task Faults_are_of_an_account_and_so_often_and_counted_and_can_be_removed()
    {
        await using var scene = await Scene.SetAsync(new { kind = "missing", apikey = "somebody else" });
        await scene.FaultAsync(new { kind = "twice", times = 1 });
        await scene.SendAsync("861980000000,861980000001", 3);
        Assert.Equal([0, 1], (await scene.Simulator.GetAsync("/faults/receipts")).AsArray().Select(f => f!["fired"]!.GetValue<int>()));
        Assert.True((await scene.Simulator.DeleteAsync("/faults/receipts")).IsSuccessStatusCode);
        Assert.Empty((await scene.Simulator.GetAsync("/faults/receipts")).AsArray());
    }

    [Theory]
    [InlineData("""{ "kind": "otherAccount" }""")]
    [InlineData("""{ "kind": "twice", "share": 2 }""")]
    [InlineData("""{ "kind": "twice", "times": 0 }""")]
    [InlineData("""{ "kind": "delayed", "hours": 0 }""")]
    [InlineData("""{ "kind": "beforeReply", "holdMs": -1 }""")]
    [InlineData("""{ "kind": "sometimes" }""")]
    public async Task A_fault_that_makes_no_sense_is_refused(string fault)
    {
        await using var simulator = await RunningSimulator.StartAsync();
        using var answer = await simulator.Caller().PostAsJsonAsync("/faults/receipts", JsonNode.Parse(fault));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>A simulator with a fault, and a receiver that takes everything.</summary>
    private sealed record Scene(RunningSimulator Simulator, ReceiptReceiver Receiver) : IAsyncDisposable
    {
        public IEnumerable<string> Bodies => Receiver.Pushes.Select(p => p.Body);

        public static async Task<Scene> SetAsync(object fault)
        {
            var simulator = await RunningSimulator.StartAsync();
            var receiver = await ReceiptReceiver.StartAsync(_ => (StatusCodes.Status200OK, "OK"), simulator.Clock);
            await simulator.PutAccountAsync(new { pushUrl = receiver.Address, delivery = new { delayMs = 0, spreadMs = 0 } });
            var scene = new Scene(simulator, receiver);
            await scene.FaultAsync(fault);
            return scene;
        }

        public async Task FaultAsync(object fault)
        {
            using var answer = await Simulator.Caller().PostAsJsonAsync("/faults/receipts", fault);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        public async Task SendAsync(string numbers, int receipts)
        {
            Assert.Equal("000", await Simulator.CodeAsync(numbers));
            await Simulator.UntilLedgerAsync("receipts.ok", receipts, _step);
        }

        public string[] All(string field) =>
            [.. Bodies.Select(b => JsonNode.Parse(b, documentOptions: new() { AllowTrailingCommas = true })![field]!.GetValue<string>())];

        public async ValueTask DisposeAsync()
        {
            await Simulator.DisposeAsync();
            await Receiver.DisposeAsync();
        }
    }
}
