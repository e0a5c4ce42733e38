using System.Net;
using Portal.Simulator.Accounts;
using static Portal.Tests.Simulator.RunningSimulator;

namespace Portal.Tests.Simulator;

public sealed class WhitelistTests
{
    [Theory]
    [InlineData("", "000")]
    [InlineData("127.0.0.1", "000")]
    [InlineData("127.", "000")]
    [InlineData("127.0.0.", "000")]
    [InlineData("203.0.113.7,127.0.", "000")]
    [InlineData("0.0.0.0", "000")]
    [InlineData("203.0.113.7,0.0.0.0", "000")]
    [InlineData("203.0.113.7", "204")]
    [InlineData("127.0.0.10", "204")]
    [InlineData("127.0.0", "204")]
    [InlineData("27.", "204")]
    [InlineData("203.0.113.7, 127.0.0.1", "204")]
    [InlineData(",", "204")]
    public async Task The_callers_address_must_be_on_the_whitelist(string whitelist, string code)
    {
        await using var simulator = await WithAccountAsync(new { whitelist });
        Assert.Equal(code, await simulator.CodeAsync());
    }

    [Fact]
    public void An_address_in_the_coat_of_IPv6_is_compared_as_what_it_is() =>
        Assert.True(IpWhitelist.Allows("192.168.", IPAddress.Parse("::ffff:192.168.3.4")));
}
