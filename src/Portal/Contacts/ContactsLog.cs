using Microsoft.Extensions.Logging;

namespace Portal.Contacts;

internal static partial class ContactsLog
{
    [LoggerMessage(1, LogLevel.Information, "Import {Import} is done: {Rows} rows, {Added} new contacts, in {Milliseconds} ms.")]
    public static partial void Imported(this ILogger log, Guid import, int rows, int added, long milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Import {Import} was cancelled; nothing of it was taken.")]
    public static partial void Cancelled(this ILogger log, Guid import);

    [LoggerMessage(3, LogLevel.Error, "Import {Import} failed; nothing of it was taken, it can be run again.")]
    public static partial void Failed(this ILogger log, Guid import, Exception exception);
}
