using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Portal.Dispatch;

public static class DispatchServices
{
    /// <summary>Preparing and control; needs the database, the accounts and the live feed.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services)
    {
        services.AddOptions<DispatchOptions>().BindConfiguration(DispatchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DispatchOptions>, DieAtCheck>();
        return services
            .AddSingleton<PrepareSending>().AddSingleton<ControlSending>().AddSingleton<FinishSending>().AddSingleton<SendTest>().AddSingleton<TestUnderWay>().AddSingleton<AddAccountByMessage>()
            .AddSingleton<ClaimBatches>().AddSingleton<OpenBatches>().AddSingleton<SignBatches>().AddSingleton<SendClaims>().AddSingleton<BeginAttempt>().AddSingleton<RecordOutcome>()
            .AddSingleton<AfterOutcome>().AddSingleton<RecoverAccount>().AddSingleton<SendBatch>().AddSingleton<AccountLoop>()
            .AddSingleton<AccountWork>().AddSingleton<JudgeCanary>().AddSingleton<ProcessShare>().AddSingleton<FailPoint>();
    }

    /// <summary>The loops themselves, on instances that send.</summary>
    public static IServiceCollection AddDispatchHost(this IServiceCollection services) => services.AddHostedService<DispatchHost>().AddHostedService<CanaryWatch>();
}
