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
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 => Convert.ToHexStringLower(v6.GetAddressBytes().AsSpan(0, PrefixBytes)) + "::/64",
        var v4 => v4.ToString(),
    };
}
