using Microsoft.Extensions.Logging;
using Portal.Sms.Provider;

namespace Portal.Receipts;

internal static partial class ReceiptsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} receipts could not be stored; the provider will push them again.")]
    public static partial void NotStored(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database takes no receipts; they are kept on the disk.")]
    public static partial void DatabaseAway(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database takes receipts again.")]
    public static partial void DatabaseBack(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} receipts were brought from the disk to the database.")]
    public static partial void Replayed(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Receipts cannot be kept on the disk.")]
    public static partial void SpoolFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Receipts on the disk cannot be brought to the database; trying again.")]
    public static partial void SpoolUnread(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The last {Bytes} bytes of spool {Spool} are no receipts; it is kept beside the others as .torn.")]
    public static partial void SpoolTorn(ILogger logger, Guid spool, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Applying receipts failed; trying again.")]
    public static partial void ApplyFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Applying receipts of tenant {Tenant} failed; trying again.")]
    public static partial void TenantFailed(ILogger logger, Guid tenant, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A receipt cannot be read: {Problem}. It is parked.")]
    public static partial void Unreadable(ILogger logger, ReceiptProblem problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: a receipt names a number of a request that the provider had refused. Refused batches of this account are not halved any more.")]
    public static partial void RefusalDoubted(ILogger logger, Guid account);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Applied} receipts applied, {Parked} parked.")]
    public static partial void Applied(ILogger logger, int applied, int parked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} receipts match nothing and are dropped: as many as may be parked are parked.")]
    public static partial void ParkedFull(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} parked receipts do not open. They are tried again.")]
    public static partial void DoNotOpen(ILogger logger, int count);
}
