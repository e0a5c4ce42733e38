using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class LimitsTests
{
    [Fact]
    public async Task The_rate_holds_in_every_sliding_second()
    {
        await using var simulator = await WithAccountAsync(new { rate = 3 });
        Assert.Equal("000", await simulator.CodeAsync());
        simulator.Clock.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal("105", await simulator.CodeAsync());

        simulator.Clock.Advance(TimeSpan.FromMilliseconds(399));
        Assert.Equal("105", await simulator.CodeAsync());
        simulator.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal("105", await simulator.CodeAsync());
    }

    [Fact]
    public async Task A_request_of_a_stranger_uses_up_nothing()
    {
        await using var simulator = await WithAccountAsync(new { rate = 1 });
        Assert.Equal("102", await simulator.CodeAsync(simulator.Request(change: r => r["sign"] = "x")));
        Assert.Equal("000", await simulator.CodeAsync());
    }

    [Fact]
    public async Task A_new_rate_counts_at_once()
    {
        await using var simulator = await WithAccountAsync(new { rate = 1 });
        Assert.Equal("000", await simulator.CodeAsync());
        await simulator.PutAccountAsync(new { rate = 2 });
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal("105", await simulator.CodeAsync());
    }

    [Fact]
    public async Task More_open_requests_than_the_concurrency_are_105_until_one_is_answered()
    {
        await using var simulator = await WithAccountAsync(new { concurrency = 2 });
        await simulator.PostAsync("/settings", new { latencyMs = 1000 });

        var first = simulator.CodeAsync();
        var second = simulator.CodeAsync();
        await simulator.UntilLedgerAsync("codes.000", 2);
        var third = simulator.CodeAsync();
        await simulator.UntilLedgerAsync("codes.105", 1);
        var all = Task.WhenAll(first, second, third);
        await simulator.UntilAsync(() => Task.FromResult(all.IsCompleted), TimeSpan.FromSeconds(1));

        Assert.Equal(["000", "000", "105"], await all);
        Assert.Equal(3, await simulator.LedgerAsync("maxOpen"));
        await simulator.PostAsync("/settings", new { latencyMs = 0 });
        Assert.Equal("000", await simulator.CodeAsync());
        Assert.Equal(0, await simulator.LedgerAsync("open"));
    }
}
