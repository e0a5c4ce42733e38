using System.Net;
using Microsoft.AspNetCore.Http;
using Portal.Web.SignIn;

namespace Portal.Web.Tests.SignIn;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void One_customer_is_one_place(string address, string place)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);

        Assert.Equal(place, context.NetworkOf());
    }
}
