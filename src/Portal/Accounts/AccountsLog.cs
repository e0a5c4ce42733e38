using Microsoft.Extensions.Logging;

namespace Portal.Accounts;

internal static partial class AccountsLog
{
    [LoggerMessage(LogLevel.Information, "A key pair of account {AccountId} was tried: {Code}, proven {Proven}.")]
    public static partial void KeyPairTried(ILogger logger, Guid accountId, string code, bool proven);

    [LoggerMessage(LogLevel.Error, "The provider refused our time (103) for account {AccountId}; its clock is {Offset} from ours. Check this server's clock.")]
    public static partial void ClockRefused(ILogger logger, Guid accountId, TimeSpan? offset);

    [LoggerMessage(LogLevel.Warning, "Account {AccountId} was stopped: {Code}.")]
    public static partial void AccountStopped(ILogger logger, Guid accountId, string code);

    [LoggerMessage(LogLevel.Warning, "What the vault keeps in the database could not be read or written; it is tried again.")]
    public static partial void KeepingFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Information, "{Keys} older versions of tenant {Tenant}'s key were deleted: no value needs them.")]
    public static partial void OlderKeysDeleted(ILogger logger, Guid tenant, int keys);
}
