using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

public static class DispatchServices
{
    /// <summary>Preparing and control; needs the database, the accounts and the live feed.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services)
    {
        services.AddOptions<DispatchOptions>().BindConfiguration(DispatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DispatchOptions>, DispatchOptionsCheck>();
        services.AddSingleton<IValidateOptions<DispatchOptions>, DieAtCheck>();
        services.AddRestoreFence();
        return services
            .AddSingleton<TenantLimits>().AddSingleton<ChangeLimits>().AddSingleton<TenantBounds>().AddSingleton<BoundTenant>()
            .AddSingleton<PrepareSending>().AddSingleton<ControlSending>().AddSingleton<FinishSending>().AddSingleton<SendTest>().AddSingleton<TestUnderWay>().AddSingleton<AddAccountByMessage>().AddSingleton<CountAsSent>().AddSingleton<SendAgain>()
            .AddSingleton<ClaimBatches>().AddSingleton<OpenBatches>().AddSingleton<SignBatches>().AddSingleton<TakeClaims>().AddSingleton<SendClaims>().AddSingleton<BeginAttempt>().AddSingleton<LostBegin>().AddSingleton<HoldBack>().AddSingleton<HoldQuiet>().AddSingleton<RecordOutcome>()
            .AddSingleton<AfterOutcome>().AddSingleton<RecoverAccount>().AddSingleton<SendBatch>().AddSingleton<AccountLoop>()
            .AddSingleton<AccountWork>().AddSingleton<AccountTraffic>().AddSingleton<JudgeCanary>().AddSingleton<ProcessShare>().AddSingleton<BeginTurns>().AddSingleton<FailPoint>().AddSingleton<ClearExpired>();
    }

    private static void AddRestoreFence(this IServiceCollection services)
    {
        services.AddSingleton<FenceStore>().AddSingleton<FenceMarks>().AddSingleton<FenceLives>().AddSingleton<RestoredDoubts>();
        services.AddSingleton<DispatchHoldNow>().AddSingleton<AskDispatchHold>(s => s.GetRequiredService<DispatchHoldNow>().RunAsync);
        services.AddSingleton(s => new RestoreFence(
            Get<FenceStore>(s), Get<FenceMarks>(s), Get<FenceLives>(s), Get<Databases>(s), Get<TimeProvider>(s), Get<ILogger<RestoreFence>>(s)));
        services.AddSingleton(s => new DispatchStatus(Get<FenceStore>(s), Get<FenceMarks>(s), Get<Databases>(s)));
        services.AddSingleton(s => new ReleaseDispatch(
            Get<FenceStore>(s), Get<FenceMarks>(s), Get<RestoredDoubts>(s), Get<Databases>(s), Get<LiveFeed>(s), Get<TimeProvider>(s), Get<ILogger<ReleaseDispatch>>(s)));
    }

    private static T Get<T>(IServiceProvider services) where T : notnull => services.GetRequiredService<T>();

    /// <summary>The loops themselves, on instances that send.</summary>
    public static IServiceCollection AddDispatchHost(this IServiceCollection services) => services.AddHostedService<DispatchHost>().AddHostedService<CanaryWatch>()
        .AddHostedService(p => p.GetRequiredService<ClearExpired>());
}
