using Microsoft.Extensions.Logging;
using Portal.Sms.Provider;

namespace Portal.Receipts;

internal static partial class ReceiptsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} receipts could not be stored; the provider will push them again.")]
    public static partial void NotStored(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Applying receipts failed; trying again.")]
    public static partial void ApplyFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A receipt cannot be read: {Problem}. It is parked.")]
    public static partial void Unreadable(ILogger logger, ReceiptProblem problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: a receipt names a number of a request that the provider had refused. Refused batches of this account are not halved any more.")]
    public static partial void RefusalDoubted(ILogger logger, Guid account);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Applied} receipts applied, {Parked} parked.")]
    public static partial void Applied(ILogger logger, int applied, int parked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A parked receipt does not open: {Error}. It is dropped.")]
    public static partial void DoesNotOpen(ILogger logger, Vault.VaultError error);
}
