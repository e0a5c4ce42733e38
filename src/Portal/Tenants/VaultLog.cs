using Microsoft.Extensions.Logging;

namespace Portal.Tenants;

internal static partial class VaultLog
{
    [LoggerMessage(LogLevel.Warning, "A new root key was made in {Path} (mode 0600). Whoever loses this file loses every key pair sealed under it.")]
    public static partial void RootKeyMade(ILogger logger, string path);

    [LoggerMessage(LogLevel.Error, "The wrapped key of {Whose}, version {Version}, does not open ({Error}); it was left as it is.")]
    public static partial void NotRewrapped(ILogger logger, string whose, int version, Vault.VaultError error);

    [LoggerMessage(LogLevel.Error, "Openings of secrets are more than three times the usual: tenant {Tenant}, purpose {Purpose}, {Openings} this hour, usually {Usual}.")]
    public static partial void UnusualOpenings(ILogger logger, Guid? tenant, string purpose, long openings, long usual);
}
