namespace Portal.Web.Tenants;

/// <summary>Who was not let into a tenant. The address is not told: a stranger chose it.</summary>
internal static partial class TenantsLog
{
    [LoggerMessage(LogLevel.Warning, "Refused: user {User} asked for a page of a tenant ({Why}), from {Place}.")]
    public static partial void Refused(ILogger logger, Guid user, string why, string place);

    [LoggerMessage(LogLevel.Warning, "What was on its way to or from a tenant was cut: nobody knows whether the person still may.")]
    public static partial void NotKnown(ILogger logger, Exception exception);
}
