namespace Portal.Simulator.Settings;

/// <summary>What is null stays as it is.</summary>
internal sealed record SettingsChange(int? LatencyMs = null, int? JitterMs = null, double? TimeScale = null)
{
    public string? Mistake() => this switch
    {
        { LatencyMs: < 0 } or { JitterMs: < 0 } => "latencyMs and jitterMs are milliseconds from 0.",
        { TimeScale: <= 0 or double.NaN } => "timeScale is a factor above 0.",
        _ => null,
    };
}

internal sealed record SettingsView(int LatencyMs, int JitterMs, double TimeScale);

internal static class SettingsEndpoints
{
    public static IServiceCollection AddSimulatorSettings(this IServiceCollection services, IConfiguration configuration)
    {
        var change = new SettingsChange(
            configuration.GetValue<int?>("LatencyMs"),
            configuration.GetValue<int?>("JitterMs"),
            configuration.GetValue<double?>("Receipts:TimeScale"));
        if (change.Mistake() is { } mistake)
            throw new InvalidOperationException(mistake);
        var settings = new SimulatorSettings();
        settings.Change(change);
        return services.AddSingleton(settings);
    }

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings", View);
        routes.MapPost("/settings", (SettingsChange change, SimulatorSettings settings) =>
        {
            if (change.Mistake() is { } mistake)
                return Results.BadRequest(mistake);
            settings.Change(change);
            return Results.Ok(View(settings));
        });
    }

    private static SettingsView View(SimulatorSettings settings) => new(settings.LatencyMs, settings.JitterMs, settings.TimeScale);
}
