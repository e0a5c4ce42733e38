using System.Text.Json.Nodes;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

/// <summary>Numbers that the provider refuses, and refusals of what was sent in part.</summary>
public sealed class PartlyTests
{
    [Fact]
    public async Task A_bad_number_is_refused_alone_with_104_and_among_others_with_111()
    {
        await using var simulator = await WithAccountAsync(new { badNumbers = new[] { 861980000001 } });
        Assert.Equal("104", await simulator.CodeAsync("861980000001"));
        Assert.Equal("111", await simulator.CodeAsync("861980000000,861980000001"));
        Assert.Equal("000", await simulator.CodeAsync("861980000000,861980000002"));
        Assert.Equal(2, await simulator.LedgerAsync("numbers"));
    }

    [Theory]
    [InlineData("104")]
    [InlineData("111")]
    [InlineData("202")]
    public async Task A_refusal_in_part_takes_the_first_half_and_says_so(string code)
    {
        await using var simulator = await WithAccountAsync();
        await simulator.PostAsync("/faults", new { kind = "partly", when = "after", code, times = 1 });
        using var answer = await simulator.PostAsync(simulator.Request("861980000001,861980000002,861980000003,861980000004").ToJsonString());
        var reply = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(code, reply["code"]!.GetValue<string>());
        Assert.Equal(2, reply["data"]!["validnumber"]!.GetValue<int>());
        Assert.Equal(2, await simulator.LedgerAsync("numbers"));
    }
}
