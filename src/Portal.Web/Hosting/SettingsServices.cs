using Microsoft.Extensions.Options;
using Portal.Data;

namespace Portal.Web.Hosting;

internal static class SettingsServices
{
    /// <summary>Settings of the host and of the database, checked at the start.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsCheck>();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section)
            .Configure<IConfiguration>((o, settings) => o.ConnectionString = settings.GetConnectionString("Portal") ?? "")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsCheck>();
        return services;
    }

    /// <summary>One pool a role, and contexts for one tenant each.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services) =>
        services.AddSingleton(TimeProvider.System).AddSingleton<Databases>().AddSingleton<PortalDbFactory>();
}
