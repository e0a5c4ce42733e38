using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class TimeTests
{
    [Theory]
    [InlineData(-7200, "000")]
    [InlineData(-7201, "103")]
    [InlineData(7200, "000")]
    [InlineData(7201, "103")]
    public async Task The_timestamp_may_be_two_hours_off_and_not_a_second_more(int seconds, string code)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal(code, await simulator.CodeAsync(simulator.Request(change: r => r["timestamp"] = simulator.Timestamp(TimeSpan.FromSeconds(seconds)))));
    }

    [Theory]
    [InlineData("20200410001020")]
    [InlineData("2020-04-10 08:10:20")]
    [InlineData("1586477420")]
    [InlineData("20200410081020 ")]
    [InlineData("202004100810")]
    [InlineData("20200431081020")]
    [InlineData("20200410081060")]
    public async Task Another_zone_or_another_format_is_103(string timestamp)
    {
        await using var simulator = await WithAccountAsync();
        Assert.Equal("103", await simulator.CodeAsync(simulator.Request(change: r => r["timestamp"] = timestamp)));
    }
}
