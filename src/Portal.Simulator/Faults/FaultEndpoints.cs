namespace Portal.Simulator.Faults;

internal sealed record FaultAdded(int Id);

internal sealed record FaultView(int Id, int Fired, FaultOptions Fault);

internal static class FaultEndpoints
{
    public static IServiceCollection AddFaults(this IServiceCollection services) =>
        services.AddSingleton<FaultBook>().AddSingleton<FaultPlayer>();

    public static void MapFaults(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/faults");
        group.MapGet("", (FaultBook faults) => faults.All.Select(fault => new FaultView(fault.Id, fault.Fired, fault.Options)));
        group.MapPost("", (FaultOptions options, FaultBook faults) =>
            options.Mistake() is { } mistake ? Results.BadRequest(mistake) : Results.Ok(new FaultAdded(faults.Add(options))));
        group.MapDelete("", (FaultBook faults) => faults.Clear());
        group.MapDelete("/{id:int}", (int id, FaultBook faults) => faults.Remove(id) ? Results.NoContent() : Results.NotFound());
    }
}
