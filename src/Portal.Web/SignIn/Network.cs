using System.Net;
using System.Net.Sockets;

namespace Portal.Web.SignIn;

internal static class Network
{
    private const int PrefixBytes = 8;

    /// <summary>Where a request comes from, as attempts are counted: an IPv4 address, or the network that one IPv6 customer has.</summary>
    public static string NetworkOf(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 when !IPAddress.IsLoopback(v6) => new IPAddress([.. v6.GetAddressBytes().Take(PrefixBytes), .. new byte[PrefixBytes]]) + "/64",
        var address => address.ToString(),
    };
}
