using Microsoft.Extensions.DependencyInjection;

namespace Portal.Dispatch;

public static class DispatchServices
{
    /// <summary>Preparing and control; needs the database, the accounts and the live feed.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services)
    {
        services.AddOptions<DispatchOptions>().BindConfiguration(DispatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<TenantLimits>().AddSingleton<ChangeLimits>().AddSingleton<TenantBounds>().AddSingleton<BoundTenant>()
            .AddSingleton<PrepareSending>().AddSingleton<ControlSending>().AddSingleton<FinishSending>().AddSingleton<SendTest>()
            .AddSingleton<ClaimBatches>().AddSingleton<OpenBatch>().AddSingleton<BeginAttempt>().AddSingleton<HoldBack>().AddSingleton<RecordOutcome>()
            .AddSingleton<AfterOutcome>().AddSingleton<RecoverAccount>().AddSingleton<SendBatch>().AddSingleton<AccountLoop>();
    }

    /// <summary>The loops themselves, on instances that send.</summary>
    public static IServiceCollection AddDispatchHost(this IServiceCollection services) => services.AddHostedService<DispatchHost>();
}
