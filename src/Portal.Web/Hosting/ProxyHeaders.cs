using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Portal.Web.Hosting;

internal static class ProxyHeaders
{
    /// <summary>The caller's address and scheme as the configured proxies tell them; from anybody else they are ignored.</summary>
    public static void UseProxyHeaders(this IApplicationBuilder app, PortalOptions portal)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        // The defaults believe the loopback address: here only what is configured is believed.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var name in portal.ProxyNames)
        {
            if (IPAddress.TryParse(name, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(name, out var network))
                options.KnownIPNetworks.Add(network);
        }
        if (options.KnownProxies.Count + options.KnownIPNetworks.Count > 0)
            app.UseForwardedHeaders(options);
    }
}
