using System.Globalization;

namespace Portal.Vault;

/// <summary>The one spelling of an account's origin that sealed values are bound to.</summary>
public static class VaultOrigin
{
    /// <summary>
    /// <c>scheme://host:port</c>: lower case, international names in punycode, the port always there, the path left out.
    /// </summary>
    /// <exception cref="ArgumentException">The address is relative, or neither http nor https.</exception>
    public static string Of(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("A base address is an absolute http or https address.", nameof(address));

        var host = address.IdnHost.ToLowerInvariant();
        if (address.HostNameType == UriHostNameType.IPv6)
            host = $"[{host.Trim('[', ']')}]";
        return string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
    }
}
