using System.Net;
using System.Net.Sockets;

namespace Portal.Sms.Provider;

/// <summary>Opens connections to a provider. The address is judged here, after the name was resolved, so that no name can be used to get around it.</summary>
internal static class ProviderConnections
{
    public static SocketsHttpHandler CreateHandler(ProviderHandlerOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = int.MaxValue,
        MaxResponseHeadersLength = 16,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Shorter than most servers keep an idle connection: a request that meets a closing one ends in doubt.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(options, context.DnsEndPoint, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(ProviderHandlerOptions options, DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(options, host.Host, cancellationToken);
        var allowed = options.AllowPrivateAddresses ? addresses : Array.FindAll(addresses, AddressRules.IsPublic);
        if (allowed.Length == 0)
            throw new ConnectException(NotSentReason.AddressNotAllowed, null);

        // IPv4 first: whitelists at the provider are lists of IPv4 addresses.
        SocketException? last = null;
        foreach (var address in allowed.OrderBy(a => a.AddressFamily is not AddressFamily.InterNetwork))
        {
            try
            {
                return await OpenAsync(new IPEndPoint(address, host.Port), cancellationToken);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }
        throw new ConnectException(NotSentReason.ConnectionRefused, last);
    }

    private static async Task<IPAddress[]> ResolveAsync(ProviderHandlerOptions options, string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await options.Resolve(host, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new ConnectException(NotSentReason.NameNotResolved, null);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new ConnectException(NotSentReason.NameNotResolved, e);
        }
    }

    private static async Task<Stream> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new ProviderStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>No connection, and why. Nothing can have been sent over it.</summary>
internal sealed class ConnectException(NotSentReason reason, Exception? inner)
    : IOException("No connection to the provider: " + reason, inner)
{
    public NotSentReason Reason { get; } = reason;
}
