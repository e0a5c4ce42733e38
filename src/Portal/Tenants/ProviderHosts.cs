using System.Buffers;
using System.Globalization;

namespace Portal.Tenants;

/// <summary>The one spelling of a host that accounts may call.</summary>
public static class ProviderHosts
{
    private static readonly SearchValues<char> _notInHosts = SearchValues.Create("/?#@ \\*");

    /// <summary>
    /// <c>host</c> or <c>host:port</c> in lower case, international names in punycode, as <see cref="Of"/> writes that of an address; null when the text is neither.
    /// </summary>
    public static string? Read(string typed)
    {
        var text = typed.Trim();
        if (text.Length is 0 or > 200 || text.AsSpan().ContainsAny(_notInHosts) || !Uri.TryCreate($"https://{text}", UriKind.Absolute, out var address) || address.Host.Length == 0)
            return null;
        return Of(address);
    }

    /// <summary>Host and port of an address; the port only where it is not its scheme's own.</summary>
    public static string Of(Uri address)
    {
        var host = address.IdnHost.ToLowerInvariant();
        if (address.HostNameType == UriHostNameType.IPv6)
            host = $"[{host.Trim('[', ']')}]";
        return address.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{address.Port}");
    }
}
