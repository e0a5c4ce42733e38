using Microsoft.Extensions.Logging;

namespace Portal.Members;

internal static partial class MembersLog
{
    [LoggerMessage(LogLevel.Warning, "Deleting tenants did not go on; it is tried again.")]
    public static partial void EraseFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Tenant {Tenant} could not be deleted; it is tried again.")]
    public static partial void TenantNotErased(ILogger logger, Guid tenant, Exception exception);

    [LoggerMessage(LogLevel.Information, "Tenant {Tenant} is deleted.")]
    public static partial void Erased(ILogger logger, Guid tenant);
}
