using Microsoft.Extensions.Logging;

namespace Portal.Tenants;

internal static partial class VaultLog
{
    [LoggerMessage(LogLevel.Warning, "A new root key was made in {Path} (mode 0600). Whoever loses this file loses every key pair sealed under it.")]
    public static partial void RootKeyMade(ILogger logger, string path);
}
