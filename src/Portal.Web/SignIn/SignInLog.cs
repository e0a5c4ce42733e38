namespace Portal.Web.SignIn;

internal static partial class SignInLog
{
    [LoggerMessage(LogLevel.Information, "A passkey was refused: {Why}")]
    public static partial void PasskeyRefused(ILogger logger, string why);
}
