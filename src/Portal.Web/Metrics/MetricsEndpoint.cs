using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Web.Metrics;

/// <summary><c>/metrics</c>, for those who run the portal. To everybody else there is no such address.</summary>
internal sealed class MetricsDoor(IOptions<MetricsOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly System.Net.IPNetwork[] _networks = [.. options.Value.NetworkNames.Select(n => MetricsOptions.Parse(n)!.Value)];
    private readonly byte[]? _token = options.Value.ReadToken() is { Length: > 0 } token ? Hash(token) : null;

    public bool Admits(HttpContext context) => options.Value.IsOn && IsNear(context) && HasToken(context.Request.Headers.Authorization.ToString());

    private bool IsNear(HttpContext context)
    {
        if (_networks.Length == 0)
            return true;
        // It came through a proxy that nobody has named: whose address this is, nobody knows.
        if (context.Request.Headers.ContainsKey("X-Forwarded-For") || context.Request.Headers.ContainsKey("Forwarded"))
            return false;
        return context.Connection.RemoteIpAddress is { } address && _networks.Any(n => n.Contains(Plain(address)));
    }

    private bool HasToken(string said) =>
        _token is null || (said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(Hash(said[Scheme.Length..].Trim()), _token));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

internal static class MetricsHost
{
    public static IServiceCollection AddMetricsPage(this IServiceCollection services)
    {
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsCheck>().AddSingleton<MetricsReader>().AddSingleton<StateGauges>().AddSingleton<MetricsDoor>();
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        // Nobody reads it: then nothing is counted.
        if (routes.ServiceProvider.GetRequiredService<IOptions<MetricsOptions>>().Value.IsOn)
            routes.ServiceProvider.GetRequiredService<MetricsReader>().Start();
        routes.MapGet("/metrics", async (HttpContext context, MetricsDoor door, MetricsReader reader, StateGauges state) =>
        {
            if (!door.Admits(context))
                return Results.NotFound();
            await state.RefreshAsync(context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Text(reader.Read(), PrometheusText.ContentType);
        });
    }
}
