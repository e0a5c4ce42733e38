using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Dispatch;
using Portal.Live;

namespace Portal.Campaigns;

/// <summary>Registers what belongs to campaigns. Needs the database, accounts, contacts, dispatch and the live feed.</summary>
public static class CampaignsServices
{
    /// <summary>Use cases and queries. Without another <see cref="ICampaignWaker"/> registered before, only the sweep starts campaigns.</summary>
    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.TryAddSingleton<ICampaignWaker, SweepOnly>();
        services.AddOptions<CampaignOptions>().BindConfiguration(CampaignOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Audience>().AddSingleton<SameTextLately>().AddSingleton<CampaignExamination>().AddSingleton<WakeUps>().AddSingleton<CampaignControl>();
        services.AddSingleton<CampaignList>().AddSingleton<CampaignDraft>().AddSingleton<CampaignPage>().AddSingleton<CampaignPeople>()
            .AddSingleton<PreviewText>().AddSingleton<TenantHome>().AddSingleton<DoubtList>();
        services.AddSingleton<CreateDraft>().AddSingleton<SaveDraft>().AddSingleton<DeleteDraft>().AddSingleton<DuplicateCampaign>().AddSingleton<RetryRefused>()
            .AddSingleton<CarryOnSending>().AddSingleton<StartCampaign>();
        services.AddSingleton(s => new ReleaseAfterRestore(
            s.Get<ReleaseDispatch>(), s.Get<Databases>(), s.Get<PortalDbFactory>(), s.Get<LiveFeed>(), s.Get<ILogger<ReleaseAfterRestore>>()));
        services.AddSingleton(s => new ReviewCampaign(s.Get<CampaignExamination>(), s.Get<SameTextLately>(), s.Get<Audience>()));
        services.AddSingleton(s => new ScheduleCampaign(s.Get<PortalDbFactory>(), s.Get<CampaignExamination>(), s.Get<WakeUps>(), s.Get<LiveFeed>()));
        services.AddSingleton<ScheduleControl>().AddSingleton<MissedDecision>().AddSingleton<ScheduleList>().AddSingleton<SchedulePage>().AddSingleton<MissedCampaigns>();
        services.AddSingleton(s => new CreateSchedule(s.Get<PortalDbFactory>(), s.Get<CampaignExamination>(), s.Get<LiveFeed>()));
        services.AddSingleton(s => new ChangeSchedule(s.Get<PortalDbFactory>(), s.Get<CampaignExamination>(), s.Get<ScheduleControl>()));
        services.AddSingleton(s => new PauseSchedule(s.Get<ScheduleControl>()));
        services.AddSingleton(s => new ResumeSchedule(s.Get<ScheduleControl>()));
        services.AddSingleton(s => new EndSchedule(s.Get<ScheduleControl>()));
        services.AddSingleton(s => new SkipRun(s.Get<ScheduleControl>()));
        services.AddSingleton(s => new MakeRun(s.Get<PortalDbFactory>(), s.Get<WakeUps>(), s.Get<LiveFeed>()));
        services.AddSingleton(s => new SendMissed(s.Get<MissedDecision>()));
        services.AddSingleton(s => new MoveMissed(s.Get<MissedDecision>()));
        services.AddSingleton<DeclineCampaign>()
            .AddSingleton(s => new ApproveCampaign(s.Get<PortalDbFactory>(), s.Get<CampaignExamination>(), s.Get<WakeUps>(), s.Get<LiveFeed>()));
        services.AddSingleton(s => new UndoCampaign(s.Get<PortalDbFactory>(), s.Get<WakeUps>(), s.Get<LiveFeed>(), s.Get<TimeProvider>()));
        services.AddSingleton(s => new PauseCampaign(s.Get<CampaignControl>(), s.Get<ControlSending>()));
        services.AddSingleton(s => new ResumeCampaign(s.Get<CampaignControl>(), s.Get<ControlSending>()));
        services.AddSingleton(s => new CancelCampaign(
            s.Get<PortalDbFactory>(), s.Get<CampaignControl>(), s.Get<ControlSending>(), s.Get<WakeUps>(), s.Get<LiveFeed>(), s.Get<TimeProvider>()));
        return services;
    }

    /// <summary>Starts what is due and finishes what is through: on instances that send.</summary>
    public static IServiceCollection AddCampaignSweep(this IServiceCollection services) => services.AddHostedService<CampaignSweep>();

    private static T Get<T>(this IServiceProvider services) where T : notnull => services.GetRequiredService<T>();
}
