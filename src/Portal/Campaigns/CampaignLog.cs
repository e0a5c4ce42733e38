using Microsoft.Extensions.Logging;

namespace Portal.Campaigns;

internal static partial class CampaignLog
{
    [LoggerMessage(LogLevel.Warning, "Campaign {CampaignId} got no wake-up; the sweep starts it when it is due.")]
    public static partial void NotWoken(ILogger logger, Guid campaignId, Exception exception);

    [LoggerMessage(LogLevel.Information, "The wake-up of campaign {CampaignId} could not be taken back; it will find nothing to do.")]
    public static partial void NotForgotten(ILogger logger, Guid campaignId, Exception exception);

    [LoggerMessage(LogLevel.Information, "Campaign {CampaignId} is started as sending {SendingId}.")]
    public static partial void Started(ILogger logger, Guid campaignId, Guid sendingId);

    [LoggerMessage(LogLevel.Warning, "Campaign {CampaignId} was due and is not started ({Why}); a person is asked.")]
    public static partial void Missed(ILogger logger, Guid campaignId, string why);

    [LoggerMessage(LogLevel.Error, "Schedule {ScheduleId} could not make its run; the next sweep tries again.")]
    public static partial void NotMade(ILogger logger, Guid scheduleId, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Campaign {CampaignId} came due before the database was released after a restore; it is not started.")]
    public static partial void HeldBack(ILogger logger, Guid campaignId);

    [LoggerMessage(LogLevel.Error, "Campaign {CampaignId} could not be started; the next sweep tries again.")]
    public static partial void NotStarted(ILogger logger, Guid campaignId, Exception exception);

    [LoggerMessage(LogLevel.Error, "Sending {SendingId} could not be carried on; the next sweep tries again.")]
    public static partial void NotCarriedOn(ILogger logger, Guid sendingId, Exception exception);

    [LoggerMessage(LogLevel.Error, "The sweep of campaigns failed; it goes on.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
