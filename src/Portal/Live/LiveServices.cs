using Microsoft.Extensions.DependencyInjection;

namespace Portal.Live;

public static class LiveServices
{
    /// <summary>The feed alone: publishing works, nothing is carried to other instances.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services) => services.AddSingleton<LiveFeed>();

    /// <summary>Carries changes between instances; every running instance needs it.</summary>
    public static IServiceCollection AddLiveRelay(this IServiceCollection services) => services.AddHostedService<LiveRelay>();

    /// <summary>Has the instance say that it is alive, for the operators' system page.</summary>
    public static IServiceCollection AddInstanceBeat(this IServiceCollection services, InstanceFacts facts) =>
        services.AddSingleton(facts).AddHostedService<InstanceBeat>();
}
