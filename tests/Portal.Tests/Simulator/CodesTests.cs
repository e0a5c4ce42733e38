using System.Text.Json.Nodes;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class CodesTests
{
    private const string Verification = "/outauth/verifCodeSend";

    [Fact]
    public async Task The_documents_example_is_accepted_with_the_documents_taskid()
    {
        await using var simulator = await WithAccountAsync();
        var request = simulator.Request(change: r => r["sign"] = "3a81ae8d9525c1514500d7ce8a3e527a");
        Assert.Equal("20200410081020", request["timestamp"]!.GetValue<string>());

        Assert.Equal(
            """{"status":"000","msg":"success","code":"000","data":{"taskid":857319414809231360,"validnumber":1,"jfts":1}}""",
            await simulator.ReplyAsync(request));
    }

    [Fact]
    public async Task A_refusal_has_the_documents_words_and_no_data()
    {
        await using var simulator = await WithAccountAsync();

        Assert.Equal("""{"status":"104","msg":"number is wrong","code":"104"}""", await simulator.ReplyAsync(simulator.Request("0861980000000")));
        Assert.Equal(0, await simulator.LedgerAsync("numbers"));
    }

    [Fact]
    public async Task Taskids_are_above_2_to_the_53_and_grow()
    {
        await using var simulator = await WithAccountAsync();
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
            ids.Add(JsonNode.Parse(await simulator.ReplyAsync(simulator.Request()))!["data"]!["taskid"]!.GetValue<long>());
        simulator.Clock.Advance(TimeSpan.FromDays(2000));
        ids.Add(JsonNode.Parse(await simulator.ReplyAsync(simulator.Request()))!["data"]!["taskid"]!.GetValue<long>());

        Assert.All(ids, id => Assert.True(id > 1L << 53));
        Assert.Equal(ids.Distinct().Order(), ids);
    }

    [Fact]
    public async Task An_unknown_account_is_101()
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("101", await simulator.CodeAsync(simulator.Request(change: r => r["apikey"] = "230SMS")));
    }

    [Theory]
    [InlineData("3A81AE8D9525C1514500D7CE8A3E527A")]
    [InlineData("3a81ae8d9525c1514500d7ce8a3e527b")]
    [InlineData("3a81ae8d9525c1514500d7ce8a3e527")]
    public async Task A_signature_that_is_not_exactly_right_is_102(string sign)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("102", await simulator.CodeAsync(simulator.Request(change: r => r["sign"] = sign)));
    }

    [Theory]
    [InlineData("marketing", "/outauth/send", "000")]
    [InlineData("marketing", Verification, "106")]
    [InlineData("verification", "/outauth/send", "206")]
    [InlineData("verification", Verification, "000")]
    [InlineData("both", "/outauth/send", "000")]
    [InlineData("both", Verification, "000")]
    public async Task The_kind_of_an_account_decides_what_it_may_call(string kind, string path, string code)
    {
        await using var simulator = await WithAccountAsync(new { kind });
        Assert.Equal(code, await simulator.CodeAsync(simulator.Request(), path));
    }

    [Fact]
    public async Task A_deactivated_account_is_203()
    {
        await using var simulator = await WithAccountAsync(new { active = false });
        Assert.Equal("203", await simulator.CodeAsync());
    }

    [Fact]
    public async Task An_account_without_a_secret_is_205()
    {
        await using var simulator = await WithAccountAsync(new { hasSecret = false });
        Assert.Equal("205", await simulator.CodeAsync());
    }

    [Fact]
    public async Task An_account_without_a_channel_is_201_and_only_for_numbers_that_are_right()
    {
        await using var simulator = await WithAccountAsync(new { channel = false });
        Assert.Equal("201", await simulator.CodeAsync());
        Assert.Equal("104", await simulator.CodeAsync("1"));
    }

    [Fact]
    public async Task A_balance_that_is_too_small_sends_nothing_and_stays()
    {
        await using var simulator = await WithAccountAsync(new { balance = 3 });

        Assert.Equal("202", await simulator.CodeAsync("861980000001,861980000002,861980000003,861980000004"));
        Assert.Equal(0, await simulator.LedgerAsync("numbers"));
        Assert.Equal("000", await simulator.CodeAsync("861980000001,861980000002,861980000003"));
        Assert.Equal("202", await simulator.CodeAsync());
        Assert.Equal(3, await simulator.LedgerAsync("numbers"));
    }

    [Fact]
    public async Task A_partial_balance_takes_what_it_covers_and_says_so()
    {
        await using var simulator = await WithAccountAsync(new { balance = 2, partialBalance = true });

        var reply = JsonNode.Parse(await simulator.ReplyAsync(simulator.Request("861980000001,861980000002,861980000003")))!;

        Assert.Equal("202", reply["code"]!.GetValue<string>());
        Assert.Equal(2, reply["data"]!["validnumber"]!.GetValue<int>());
        Assert.Equal("861980000001 1\n861980000002 1\n", await simulator.TextAsync("/ledger/numbers"));
        Assert.Equal("202", await simulator.CodeAsync());
        Assert.Equal(2, await simulator.LedgerAsync("numbers"));
    }

    [Fact]
    public async Task The_billed_parts_are_added_up_over_the_numbers()
    {
        await using var simulator = await WithAccountAsync();
        var request = simulator.Request("861980000001,861980000002", r => r["content"] = new string('a', 161));

        var data = JsonNode.Parse(await simulator.ReplyAsync(request))!["data"]!;

        Assert.Equal(2, data["validnumber"]!.GetValue<int>());
        Assert.Equal(4, data["jfts"]!.GetValue<int>());
    }
}
