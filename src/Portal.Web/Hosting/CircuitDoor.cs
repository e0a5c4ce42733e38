using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Portal.Web.SignIn;
using Portal.Web.Tenants;

namespace Portal.Web.Hosting;

/// <summary>
/// Stands before the circuits' address. A browser says which site asks; SignalR itself would take any, with the person's
/// cookie. And nobody holds more circuits than a person has use for: each costs memory.
/// </summary>
internal sealed class CircuitDoor(RequestDelegate next, OpenCircuits open, IOptions<PortalOptions> options, ILogger<CircuitDoor> log)
{
    private const string Hub = "/_blazor";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Hub, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            await next(context);
        }
        else if (!IsOwn(context))
        {
            HostLog.ForeignSite(log, context.NetworkOf());
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (rest.HasValue && rest != "/")
        {
            await next(context);
        }
        else if (!IsWebSocket(context))
        {
            // Asking again and again instead of one connection: no browser of today needs it, and it could not be counted.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else
        {
            await HoldAsync(context);
        }
    }

    private async Task HoldAsync(HttpContext context)
    {
        if (context.User.UserId() is not { } user)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (!open.TryEnter(user, options.Value.OpenPages))
        {
            HostLog.ManyPages(log, user, context.NetworkOf());
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            open.Leave(user);
        }
    }

    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    // A WebSocket without an origin comes from no browser; other requests of our own pages may lack one.
    private bool IsOwn(HttpContext context)
    {
        var said = context.Request.Headers.Origin;
        if (said.Count == 0)
            return !IsWebSocket(context);
        return said.Count == 1 && Uri.TryCreate(said[0], UriKind.Absolute, out var origin)
            && (origin.Scheme == Uri.UriSchemeHttp || origin.Scheme == Uri.UriSchemeHttps) && (IsAt(origin, context.Request) || IsAt(origin, options.Value.PublicAddress));
    }

    // The name under which the browser reached us is the one its cookie is for. Its scheme a proxy may have changed.
    private static bool IsAt(Uri origin, HttpRequest request) => string.Equals(origin.Authority, Authority(origin.Scheme, request.Host), StringComparison.OrdinalIgnoreCase);

    private static bool IsAt(Uri origin, Uri? address) =>
        address is not null && Uri.Compare(origin, address, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    // As Uri writes it: without a port that goes without saying.
    private static string Authority(string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.Value}", UriKind.Absolute, out var uri) ? uri.Authority : "";
}

/// <summary>How many circuits each person holds on this instance.</summary>
internal sealed class OpenCircuits
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = [];

    public bool TryEnter(Guid user, int most)
    {
        lock (_gate)
        {
            var count = _open.GetValueOrDefault(user);
            if (count >= most)
                return false;
            _open[user] = count + 1;
            return true;
        }
    }

    public void Leave(Guid user)
    {
        lock (_gate)
        {
            if (--_open[user] == 0)
                _open.Remove(user);
        }
    }
}

internal static class CircuitDoorHost
{
    /// <summary>Pages, each with a circuit of bounded size.</summary>
    public static void AddCircuits(this IServiceCollection services)
    {
        services.AddSingleton<OpenCircuits>();
        services.AddRazorComponents().AddInteractiveServerComponents(o =>
        {
            o.DetailedErrors = false;
            o.DisconnectedCircuitMaxRetained = 100;
            o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            o.MaxBufferedUnacknowledgedRenderBatches = 10;
            o.JSInteropDefaultCallTimeout = TimeSpan.FromMinutes(1);
            o.PersistedCircuitInMemoryMaxRetained = 100;
            o.PersistedCircuitInMemoryRetentionPeriod = TimeSpan.FromMinutes(10);
        }).AddHubOptions(o =>
        {
            // Files go over plain HTTP: nothing that a page says is longer.
            o.MaximumReceiveMessageSize = 32 * 1024;
            o.MaximumParallelInvocationsPerClient = 1;
            o.EnableDetailedErrors = false;
        });
    }

    public static void UseCircuitDoor(this IApplicationBuilder app) => app.UseMiddleware<CircuitDoor>();
}
