namespace Portal.Web.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(LogLevel.Warning, "The database did not answer whether a circuit may go on; it goes on for now.")]
    public static partial void NotRevalidated(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Refused: a circuit was asked for by another site, from {Place}.")]
    public static partial void ForeignSite(ILogger logger, string place);

    [LoggerMessage(LogLevel.Warning, "Refused: user {User} has as many pages open as one may, from {Place}.")]
    public static partial void ManyPages(ILogger logger, Guid user, string place);

    [LoggerMessage(LogLevel.Warning, "Not ready: the database does not answer as {Roles}.")]
    public static partial void NotReady(ILogger logger, string roles);
}
