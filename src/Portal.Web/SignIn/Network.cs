using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Portal.Data;

namespace Portal.Web.SignIn;

internal static class Network
{
    private const int PrefixBytes = 8;
    private const string Claim = "portal:address";
    private const string Unknown = "unknown";

    /// <summary>Where a request comes from, as attempts are counted: an IPv4 address, or the network that one IPv6 customer has.</summary>
    public static string NetworkOf(this HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => Unknown,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 when !IPAddress.IsLoopback(v6) => new IPAddress([.. v6.GetAddressBytes().Take(PrefixBytes), .. new byte[PrefixBytes]]) + "/64",
        var address => address.ToString(),
    };

    /// <summary>Where a request comes from, for the audit: the whole address, and the session.</summary>
    public static Origin OriginOf(this HttpContext context) => Origin.Of(AddressOf(context), SessionId.Of(context.User));

    /// <summary>The same for a circuit, whose address is that of the request that opened it; null for a stranger.</summary>
    public static Origin? OriginOf(this ClaimsPrincipal person) =>
        SessionId.Of(person) is { } session ? Origin.Of(person.FindFirstValue(Claim) ?? Unknown, session) : null;

    /// <summary>A circuit has no request to ask: the address goes with the person.</summary>
    public static Task RememberAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.Identity is ClaimsIdentity identity && !identity.HasClaim(c => c.Type == Claim))
            identity.AddClaim(new(Claim, AddressOf(context.HttpContext)));
        return Task.CompletedTask;
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => Unknown,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
