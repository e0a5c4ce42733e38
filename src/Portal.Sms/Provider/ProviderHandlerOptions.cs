using System.Net;

namespace Portal.Sms.Provider;

/// <summary>How the provider may be reached.</summary>
public sealed class ProviderHandlerOptions
{
    /// <summary>
    /// Lets base addresses lead to private, loopback and reserved addresses. For development and for providers inside one's own network:
    /// with it, whoever may enter a base address can make the portal call machines that only the portal can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>The addresses of a name: asked once for each connection, which then goes to one of those that were judged.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>How long name, connection and TLS may take together; 5 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
