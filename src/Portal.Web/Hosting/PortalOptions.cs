using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>What this instance is. Bound to <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>Where browsers and providers reach the portal: <c>https://sms.example.com</c>.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>What this instance does, separated by commas: <c>web</c> (pages), <c>receipts</c> (the webhook), <c>worker</c> (sending, jobs). All by default.</summary>
    public string Roles { get; set; } = "web,receipts,worker";

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed, separated by commas: <c>10.0.0.5,10.1.0.0/16</c>.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>The most pages that one person has open at once on an instance: each is a circuit and costs memory.</summary>
    public int OpenPages { get; set; } = 10;

    public bool IsHttps => PublicAddress?.Scheme == Uri.UriSchemeHttps;

    /// <summary>
    /// The name of a cookie of ours. Over HTTPS it says <c>__Host-</c>: a browser takes it from this host alone, over TLS and for every
    /// path, so no other host of the domain can put one in its place.
    /// </summary>
    internal string CookieName(string name) => IsHttps ? "__Host-" + name : name;

    public bool Has(PortalRole role) => RoleNames.Contains(role.ToString(), StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<string> RoleNames => Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal IEnumerable<string> ProxyNames => TrustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What an instance does.</summary>
public enum PortalRole { Web, Receipts, Worker }

internal sealed class PortalOptionsCheck : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var mistakes = new List<string>();
        if (options.PublicAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            mistakes.Add("Portal:PublicAddress is missing or no address: the portal's own, as https://sms.example.com.");
        var known = Enum.GetNames<PortalRole>();
        mistakes.AddRange(options.RoleNames.Except(known, StringComparer.OrdinalIgnoreCase).Select(r => $"Portal:Roles knows web, receipts and worker, not '{r}'."));
        if (!options.RoleNames.Any())
            mistakes.Add("Portal:Roles is empty: this instance would do nothing.");
        if (options.OpenPages < 1)
            mistakes.Add("Portal:OpenPages is below 1: nobody could open a page.");
        mistakes.AddRange(options.ProxyNames.Where(p => !System.Net.IPNetwork.TryParse(p, out _) && !System.Net.IPAddress.TryParse(p, out _))
            .Select(p => $"Portal:TrustedProxies has '{p}', which is neither an address nor a network as 10.1.0.0/16."));
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
