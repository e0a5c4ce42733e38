using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Sms.Provider;

namespace Portal.Accounts;

public static class AccountsServices
{
    /// <summary>Accounts and the one client that calls providers. Needs the database and the vault.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<ProviderOptions>().BindConfiguration(ProviderOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(CreateClient);
        return services
            .AddSingleton<OutgoingAddresses>().AddSingleton<AccountKeys>().AddSingleton<ProveKeyPair>().AddSingleton<RecordProof>()
            .AddSingleton<AddAccount>().AddSingleton<CheckAgain>().AddSingleton<ReplaceKeyPair>().AddSingleton<ChangeAccount>()
            .AddSingleton<DisableAccount>().AddSingleton<EnableAccount>().AddSingleton<AllowHalving>().AddSingleton<StopAccount>()
            .AddSingleton<AccountList>().AddSingleton<AccountPage>()
            .AddSingleton<AllowedHosts>().AddSingleton<RotateTenantKey>();
    }

    /// <summary>Keeps counts and keys in order, on every instance.</summary>
    public static IServiceCollection AddVaultKeeper(this IServiceCollection services) => services.AddHostedService<VaultKeeper>();

    // By hand: a factory's handlers would follow redirects, send again or log addresses, whoever configures them later.
    private static ProviderClient CreateClient(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ProviderOptions>>().Value;
        var handler = ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = options.AllowPrivateAddresses });
        // The client bounds each request itself.
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new ProviderClient(http, services.GetRequiredService<TimeProvider>());
    }
}
