namespace Portal.Web.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(LogLevel.Warning, "The database did not answer whether a circuit may go on; it goes on for now.")]
    public static partial void NotRevalidated(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Not ready: the database does not answer as {Roles}.")]
    public static partial void NotReady(ILogger logger, string roles);
}
