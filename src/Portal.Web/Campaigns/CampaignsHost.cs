using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Campaigns;

namespace Portal.Web.Campaigns;

internal static class CampaignsHost
{
    /// <summary>Campaigns are woken by Hangfire. Whatever was registered before is replaced.</summary>
    public static IServiceCollection AddCampaignWakeUps(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<ICampaignWaker, HangfireWaker>());

    public static IServiceCollection AddCampaignPages(this IServiceCollection services) => services.AddTransient<MissedAnswers>();
}
