using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Vault;

namespace Portal.Tenants;

public static class TenantsServices
{
    /// <summary>
    /// The vault over the database. The start fails when the root keys are missing, unreadable or open to others; only a
    /// development run makes one for itself.
    /// </summary>
    public static IServiceCollection AddVault(this IServiceCollection services)
    {
        services.AddOptions<VaultOptions>().BindConfiguration(VaultOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VaultOptions>, VaultOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRootKeys>(Load);
        services.AddSingleton<ITenantKeyStore, TenantKeyStore>();
        services.AddSingleton<ISystemKeyStore, SystemKeyStore>();
        services.AddSingleton<VaultOpenings>();
        services.AddSingleton(Create);
        services.AddSingleton<RewrapKeys>().AddSingleton<VaultStatus>().AddSingleton<KeepOpenings>();
        services.AddHostedService<VaultStart>();
        return services;
    }

    /// <summary>What a tenant decides for itself. Needs the database.</summary>
    public static IServiceCollection AddTenantSettings(this IServiceCollection services) =>
        services.AddSingleton<SubjectExists>().AddSingleton<SendingRules>().AddSingleton<ChangeCountries>().AddSingleton<ChangeSendingRules>().AddSingleton<ChangeRetention>().AddSingleton<QuietRules>().AddSingleton<ChangeQuietHours>();

    private static FileRootKeys Load(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<VaultOptions>>().Value;
        if (options.RootKeys.Length > 0)
            return FileRootKeys.Parse(options.RootKeys);

        // Without a host it is as in production, as the check of the settings says.
        return services.GetService<IHostEnvironment>() is { } host && host.IsDevelopment()
            ? LoadOrCreate(services, options.RootKeyFile.Length > 0 ? options.RootKeyFile : Path.Combine(host.ContentRootPath, ".portal", "root.key"))
            : FileRootKeys.Load(options.RootKeyFile);
    }

    private static FileRootKeys LoadOrCreate(IServiceProvider services, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        var keys = FileRootKeys.LoadOrCreate(path);
        if (keys.Created)
            VaultLog.RootKeyMade(services.GetRequiredService<ILoggerFactory>().CreateLogger("Portal.Tenants.Vault"), path);
        return keys;
    }

    private static Vault.Vault Create(IServiceProvider services)
    {
        var name = services.GetRequiredService<IOptions<VaultOptions>>().Value.Environment;
        return new(
            services.GetRequiredService<IRootKeys>(),
            services.GetRequiredService<ITenantKeyStore>(),
            services.GetRequiredService<ISystemKeyStore>(),
            name.Length > 0 ? name : services.GetRequiredService<IHostEnvironment>().EnvironmentName.ToLowerInvariant(),
            services.GetRequiredService<VaultOpenings>(),
            services.GetRequiredService<TimeProvider>());
    }

    /// <summary>Needs the root keys, so that bad ones stop the start and not the first sending.</summary>
#pragma warning disable CS9113 // being asked for is what the parameter is for
    private sealed class VaultStart(IRootKeys roots) : IHostedService
#pragma warning restore CS9113
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
