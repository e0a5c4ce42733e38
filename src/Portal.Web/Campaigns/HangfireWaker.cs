using Hangfire;
using Portal.Campaigns;

namespace Portal.Web.Campaigns;

/// <summary>Wakes campaigns by persisted Hangfire jobs.</summary>
internal sealed class HangfireWaker(IServiceProvider services) : ICampaignWaker
{
    // The client is asked for here and not in the constructor: without Hangfire's storage it cannot be made, and campaigns
    // are scheduled all the same. It works synchronously, so not on the circuit's thread.
    public Task<string?> ScheduleAsync(Guid tenantId, Guid campaignId, DateTimeOffset dueAt, CancellationToken ct) => Task.Run<string?>(
        () => services.GetRequiredService<IBackgroundJobClient>().Schedule<CampaignJob>(j => j.RunAsync(tenantId, campaignId, CancellationToken.None), dueAt), ct);

    public Task ForgetAsync(string job, CancellationToken ct) => Task.Run(() => services.GetRequiredService<IBackgroundJobClient>().Delete(job), ct);
}
