using Microsoft.Extensions.Logging;

namespace Portal.Live;

internal static partial class LiveLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A page failed to take a live change.")]
    public static partial void CallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This instance could not say that it is alive; trying again.")]
    public static partial void NoBeat(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live changes are not carried between instances; trying again.")]
    public static partial void RelayFailed(ILogger logger, Exception exception);
}
