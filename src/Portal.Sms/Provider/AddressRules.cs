using System.Net;
using System.Net.Sockets;

namespace Portal.Sms.Provider;

/// <summary>Which addresses are on the public internet (IANA's special-purpose registries).</summary>
internal static class AddressRules
{
    // What no packet on the internet comes from.
    private static readonly IPNetwork[] _private =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
    ];

    private static readonly IPNetwork[] _notPublic4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // the wire server of a cloud, looks public
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
    ];

    // Only 2000::/3 is given out; these parts of it carry an IPv4 address inside, or are for documents.
    private static readonly IPNetwork _public6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] _notPublic6 =
    [
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>
    /// False for private, loopback, link-local, carrier, metadata, multicast and reserved addresses,
    /// and for IPv6 addresses that carry an IPv4 one (mapped, 6to4, NAT64, Teredo).
    /// </summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !IsPrivate(address) && !Array.Exists(_notPublic4, n => n.Contains(address)),
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && !address.IsIPv4MappedToIPv6
            && _public6.Contains(address) && !Array.Exists(_notPublic6, n => n.Contains(address)),
        _ => false,
    };

    /// <summary>True for addresses that only mean something inside one network: private, loopback, link-local, carrier.</summary>
    public static bool IsPrivate(IPAddress address) => Array.Exists(_private, n => n.Contains(address));
}
