using System.Net;
using Microsoft.Extensions.Options;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>How this deployment reaches providers. Bound to <c>Portal:Provider</c>.</summary>
public sealed class ProviderOptions
{
    public const string Section = "Portal:Provider";

    /// <summary>
    /// Lets base addresses lead to private, loopback and reserved addresses. For development and a provider in one's own
    /// network: with it, whoever enters a base address can make the portal call machines that only it can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Lets base addresses be http: apikey and signature then travel in clear.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Hosts that every tenant's accounts may call, besides those that an operator allows a tenant: <c>host</c> for its scheme's
    /// own port, <c>host:port</c> for another. <c>*</c> lets them call any: for development.
    /// </summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>The addresses that the provider sees calls from; when empty, the ones observed by the portal itself, which differ behind a NAT.</summary>
    public string[] OutgoingAddresses { get; set; } = [];

    /// <summary>Seconds for one request, from connecting to the last byte of the answer.</summary>
    public int RequestTimeoutSeconds { get; set; } = 30;

    public TimeSpan RequestTimeout => TimeSpan.FromSeconds(RequestTimeoutSeconds);
}

internal sealed class ProviderOptionsCheck : IValidateOptions<ProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var mistakes = options.OutgoingAddresses
            .Where(text => !IPAddress.TryParse(text, out _))
            .Select(text => $"Portal:Provider:OutgoingAddresses has '{text}', which is no IP address.")
            .ToList();
        mistakes.AddRange(options.AllowedHosts.Where(h => h != AllowedHosts.Any && ProviderHosts.Read(h) is null)
            .Select(text => $"Portal:Provider:AllowedHosts has '{text}', which is no host and no host:port."));
        if (options.RequestTimeoutSeconds is < 1 or > 600)
            mistakes.Add("Portal:Provider:RequestTimeoutSeconds lies between 1 and 600.");
        return mistakes.Count > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
