using System.Text.Json.Serialization;
using Portal.Simulator.Accounts;
using Portal.Simulator.Calls;
using Portal.Simulator.Faults;
using Portal.Simulator.Ledger;
using Portal.Simulator.Receipts;
using Portal.Simulator.Settings;

namespace Portal.Simulator;

/// <summary>
/// The provider, imitated: a server that answers as the provider's document says, remembers every number it accepted
/// and can be told to misbehave. It is driven over HTTP only (docs/simulator.md), also by the tests that host it themselves.
/// </summary>
public static class SimulatorApp
{
    /// <summary>Where the simulator listens when no <c>--urls</c> is given.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5090";

    /// <summary>
    /// Builds a simulator that is not started yet. With <c>--urls http://127.0.0.1:0</c> the port is chosen by the
    /// system and can be read from <see cref="WebApplication.Urls"/> after the start.
    /// </summary>
    /// <param name="args">Command line: <c>--urls</c>, <c>--LatencyMs</c>, <c>--Receipts:…</c>, <c>--Accounts:0:apikey=…</c>.</param>
    /// <param name="clock">The clock for timestamps, limits, latency and receipts; the system's when null.</param>
    /// <exception cref="InvalidOperationException">An account of the configuration is not usable.</exception>
    public static WebApplication Create(string[] args, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args });
        Configure(builder, args);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, SimulatorJson.Default);
            o.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            o.SerializerOptions.RespectNullableAnnotations = true;
        });
        builder.Services.AddSimulatorSettings(builder.Configuration).AddAccounts(builder.Configuration)
            .AddCalls().AddLedger().AddFaults().AddReceipts(builder.Configuration);

        var app = builder.Build();
        app.UseCalls();
        app.Use(SayWhatIsWrongAsync);
        app.UseRouting();
        app.MapGet("/health", () => "OK");
        app.MapAccounts();
        app.MapLedger();
        app.MapFaults();
        app.MapReceiptFaults();
        app.MapSettings();
        return app;
    }

    /// <summary>A body that cannot be read is answered with the reason: the one who reads it is a developer.</summary>
    private static async Task SayWhatIsWrongAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
            await http.Response.WriteAsync((e.InnerException ?? e).Message, http.RequestAborted);
        }
    }

    private static void Configure(WebApplicationBuilder builder, string[] args)
    {
        // Only what is meant for the simulator: settings files and variables of the portal may lie around where it is started.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddEnvironmentVariables("SIMULATOR_").AddCommandLine(args);
        builder.WebHost.UseUrls(builder.Configuration["urls"] ?? DefaultAddress);
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // Connections that end abnormally are what some faults are for.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}
