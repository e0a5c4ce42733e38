using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Sms.Provider;

/// <summary>The IP whitelist in the provider's console (provider README section 4): items separated by commas, each an address, a prefix or <c>0.0.0.0</c>.</summary>
public static class Whitelist
{
    /// <summary>The item that lets every address in.</summary>
    public const string Everyone = "0.0.0.0";

    /// <summary>Says what each item of a pasted whitelist means and which of our outgoing addresses it misses.</summary>
    public static WhitelistReport Check(string pasted, IReadOnlyList<IPAddress> ours)
    {
        var addresses = Plain(ours);
        var items = pasted.Split(',')
            .Select(raw => Judge(raw, addresses))
            .Where(item => item.Text.Length > 0)
            .ToArray();
        var covered = addresses.Where(a => Array.Exists(items, i => i.Covers.Contains(a))).ToArray();
        return new WhitelistReport(items, covered, [.. addresses.Except(covered)]);
    }

    /// <summary>The exact line to paste for our addresses: no blanks, no address twice.</summary>
    public static string Line(IReadOnlyList<IPAddress> addresses) => string.Join(',', Plain(addresses));

    /// <summary>The prefixes (<c>203.0.113.</c>, 256 addresses each) that let our IPv4 addresses in; there is none for IPv6.</summary>
    public static IReadOnlyList<string> Prefixes(IReadOnlyList<IPAddress> addresses) =>
    [
        .. Plain(addresses)
            .Where(a => a.AddressFamily is AddressFamily.InterNetwork)
            .Select(a => a.ToString())
            .Select(text => text[..(text.LastIndexOf('.') + 1)])
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The whole line that is to stand there: what the provider understands of the pasted one, and what it misses. Null when the
    /// pasted one is right as it is, or empty: then every address is let in.
    /// </summary>
    public static string? Complete(WhitelistReport report)
    {
        var kept = report.Items.Where(i => i.Meaning is not (WhitelistMeaning.Invalid or WhitelistMeaning.Private)).Select(i => i.Text);
        var right = report.Missing.Count == 0 && report.Items.All(i => i.Meaning is not (WhitelistMeaning.Invalid or WhitelistMeaning.Private) && !i.HasBlanks);
        return right || report.Items.Count == 0 ? null : string.Join(',', kept.Concat(report.Missing.Select(a => a.ToString())).Distinct(StringComparer.Ordinal));
    }

    private static IPAddress[] Plain(IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).Distinct()];

    private static WhitelistItem Judge(string raw, IPAddress[] ours)
    {
        var text = raw.Trim();
        var meaning = Meaning(text);
        IPAddress[] covers = meaning switch
        {
            WhitelistMeaning.Invalid => [],
            WhitelistMeaning.Everyone => ours,
            _ => Array.FindAll(ours, a => IsLetInBy(text, a)),
        };
        return new WhitelistItem(text, meaning, covers, text.Length != raw.Length);
    }

    private static bool IsLetInBy(string item, IPAddress address) =>
        item.EndsWith('.')
            ? address.AddressFamily is AddressFamily.InterNetwork && address.ToString().StartsWith(item, StringComparison.Ordinal)
            : address.Equals(IPAddress.Parse(item));

    private static WhitelistMeaning Meaning(string item)
    {
        if (item == Everyone)
            return WhitelistMeaning.Everyone;
        if (item.Contains(':', StringComparison.Ordinal))
        {
            return !IPAddress.TryParse(item, out var six) || !item.All(c => c is ':' or '.' || char.IsAsciiHexDigit(c)) ? WhitelistMeaning.Invalid
                : AddressRules.IsPrivate(six) ? WhitelistMeaning.Private
                : WhitelistMeaning.Exact;
        }
        var isPrefix = item.EndsWith('.');
        var parts = (isPrefix ? item[..^1] : item).Split('.');
        if (!Array.TrueForAll(parts, IsOctet) || (isPrefix ? parts.Length > 3 : parts.Length != 4))
            return WhitelistMeaning.Invalid;
        return IsPrivate(parts) ? WhitelistMeaning.Private
            : isPrefix ? WhitelistMeaning.Prefix
            : WhitelistMeaning.Exact;
    }

    // No prefix begins in one private range and ends in another, so its two ends speak for all of it.
    private static bool IsPrivate(string[] parts) => AddressRules.IsPrivate(End(parts, "0")) && AddressRules.IsPrivate(End(parts, "255"));

    private static IPAddress End(string[] parts, string filler) =>
        IPAddress.Parse(string.Join('.', parts.Concat(Enumerable.Repeat(filler, 4 - parts.Length))));

    private static bool IsOctet(string part) =>
        part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0')
        && int.Parse(part, CultureInfo.InvariantCulture) <= 255;
}
