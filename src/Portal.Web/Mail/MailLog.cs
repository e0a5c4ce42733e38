using Portal.Members;

namespace Portal.Web.Mail;

internal static partial class MailLog
{
    [LoggerMessage(LogLevel.Warning, "Portal:Mail:Host is not set: invitations and new passwords cannot be sent by e-mail. They wait for a day.")]
    public static partial void NoMail(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Letter {Kind} {Id} was sent.")]
    public static partial void Sent(ILogger logger, LetterKind kind, Guid id);

    [LoggerMessage(LogLevel.Warning, "Letter {Kind} {Id} could not be sent at try {Tries} ({Why}); it waits.")]
    public static partial void NotSent(ILogger logger, LetterKind kind, Guid id, int tries, string why);

    [LoggerMessage(LogLevel.Warning, "The database did not answer which letters wait; trying again.")]
    public static partial void NoDatabase(ILogger logger, Exception exception);
}
