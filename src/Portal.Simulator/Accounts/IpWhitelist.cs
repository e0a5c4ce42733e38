using System.Net;

namespace Portal.Simulator.Accounts;

/// <summary>Provider document section 5.4: addresses and prefixes, separated by commas and nothing else.</summary>
internal static class IpWhitelist
{
    private const string Everyone = "0.0.0.0";

    public static bool Allows(string whitelist, IPAddress? caller)
    {
        if (whitelist.Length == 0)
            return true;
        var address = TextOf(caller);
        foreach (var range in whitelist.AsSpan().Split(','))
        {
            if (Matches(whitelist.AsSpan()[range], address))
                return true;
        }
        return false;
    }

    private static bool Matches(ReadOnlySpan<char> item, string address) =>
        item.SequenceEqual(Everyone)
        || (item.EndsWith(".", StringComparison.Ordinal) ? address.AsSpan().StartsWith(item, StringComparison.Ordinal) : item.SequenceEqual(address));

    private static string TextOf(IPAddress? caller) =>
        (caller is { IsIPv4MappedToIPv6: true } ? caller.MapToIPv4() : caller)?.ToString() ?? "";
}
