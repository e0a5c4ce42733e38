using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class LedgerTests
{
    [Fact]
    public async Task It_counts_requests_numbers_and_doubles()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.CodeAsync("861980000001,861980000002");
        await simulator.CodeAsync("861980000002,861980000003");
        await simulator.CodeAsync("1");

        var ledger = (await simulator.GetAsync("/ledger")).ToJsonString();

        Assert.Equal(
            """{"requests":3,"accepted":2,"numbers":4,"distinct":3,"doubled":1,"open":0,"maxOpen":1,"maxPerSlidingSecond":3,"codes":{"000":2,"104":1},"receipts":{"pushed":0,"ok":0,"failed":0,"lost":0,"waiting":0}}""",
            ledger);
        Assert.Equal("861980000001 1\n861980000002 2\n861980000003 1\n", await simulator.TextAsync("/ledger/numbers?apikey=230sms"));
    }

    [Fact]
    public async Task The_most_in_a_sliding_second_counts_arrivals_also_refused_ones()
    {
        await using var simulator = await WithAccountAsync(new { rate = 1 });
        for (var i = 0; i < 4; i++)
        {
            await simulator.CodeAsync();
            simulator.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }
        Assert.Equal(2, await simulator.LedgerAsync("maxPerSlidingSecond"));
    }

    [Fact]
    public async Task It_lists_requests_with_the_hash_of_the_text_and_not_the_text()
    {
        await using var simulator = await WithAccountAsync();
        var reply = JsonNode.Parse(await simulator.ReplyAsync(simulator.Request(change: r => r["content"] = "你好")))!;
        await simulator.CodeAsync("x,y");

        var list = (await simulator.GetAsync("/ledger/requests?apikey=230sms")).AsArray();

        Assert.Equal(reply["data"]!["taskid"]!.ToJsonString(), list[0]!["taskid"]!.GetValue<string>());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("你好"))), list[0]!["contentHash"]!.GetValue<string>());
        Assert.Equal("2020-04-10T00:10:20+00:00", list[0]!["time"]!.GetValue<string>());
        Assert.Equal((2, 0, "111"), (list[1]!["numbers"]!.GetValue<int>(), list[1]!["accepted"]!.GetValue<int>(), list[1]!["code"]!.GetValue<string>()));
        Assert.Null(list[1]!["taskid"]);
    }

    [Fact]
    public async Task It_says_which_taskids_a_number_was_accepted_with()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.CodeAsync();
        await simulator.CodeAsync("861980000001");
        await simulator.CodeAsync();

        var taskIds = (await simulator.GetAsync($"/ledger/numbers/{Number}")).AsArray().Select(n => n!["taskid"]!.GetValue<string>());

        Assert.Equal(["857319414809231360", "857319414809231362"], taskIds);
    }

    [Fact]
    public async Task Accounts_are_kept_apart()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PutAccountAsync(new { apikey = "other" });
        await simulator.CodeAsync();
        await simulator.CodeAsync(simulator.Request(change: r => r["apikey"] = "other"));

        Assert.Equal(0, await simulator.LedgerAsync("doubled"));
        Assert.Equal(2, await simulator.LedgerAsync("requests"));
        Assert.Equal(1, (await simulator.GetAsync("/ledger?apikey=other"))["requests"]!.GetValue<int>());
        Assert.Equal($"{Number} 1\n", await simulator.TextAsync("/ledger/numbers?apikey=other"));
        Assert.Equal("", await simulator.TextAsync("/ledger/numbers?apikey=nobody"));
    }

    [Fact]
    public async Task It_can_be_cleared()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.CodeAsync();
        (await simulator.DeleteAsync("/ledger")).Dispose();

        Assert.Equal(0, await simulator.LedgerAsync("requests"));
        Assert.Equal("", await simulator.TextAsync("/ledger/numbers"));
        Assert.Equal("[]", await simulator.TextAsync("/ledger/requests"));
    }

    [Fact]
    public async Task What_was_accepted_stays_accepted_when_the_caller_leaves_before_the_reply()
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/settings", new { latencyMs = 1000 });
        using var left = new CancellationTokenSource();

        var call = simulator.PostAsync(simulator.Request().ToJsonString(), cancellationToken: left.Token);
        await simulator.UntilLedgerAsync("open", 1);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await simulator.UntilLedgerAsync("open", 0);

        Assert.Equal(1, await simulator.LedgerAsync("accepted"));
        Assert.Equal($"{Number} 1\n", await simulator.TextAsync("/ledger/numbers"));
    }
}
