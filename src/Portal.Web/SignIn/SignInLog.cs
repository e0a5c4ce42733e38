namespace Portal.Web.SignIn;

/// <summary>
/// Who came in, how, from where; and who did not. An address that was typed is named by twelve hex digits of its SHA-256
/// (<see cref="SignInNames"/>): it may be anybody's, or a password in the wrong field.
/// </summary>
internal static partial class SignInLog
{
    [LoggerMessage(LogLevel.Information, "Signed in: user {User}, by {How}, from {Place}.")]
    public static partial void SignedIn(ILogger logger, Guid user, string how, string place);

    [LoggerMessage(LogLevel.Warning, "Not signed in: wrong password, unknown or locked, address {Address}, from {Place}.")]
    public static partial void PasswordRefused(ILogger logger, string address, string place);

    [LoggerMessage(LogLevel.Warning, "Not signed in: the second step of user {User} was refused, from {Place}.")]
    public static partial void StepRefused(ILogger logger, Guid user, string place);

    [LoggerMessage(LogLevel.Information, "Signed out: user {User}.")]
    public static partial void SignedOut(ILogger logger, Guid user);

    [LoggerMessage(LogLevel.Information, "User {User} showed again who they are, by {How}, from {Place}.")]
    public static partial void Confirmed(ILogger logger, Guid user, string how, string place);

    [LoggerMessage(LogLevel.Warning, "User {User} did not show again who they are, from {Place}.")]
    public static partial void NotConfirmed(ILogger logger, Guid user, string place);

    [LoggerMessage(LogLevel.Warning, "Refused: user {User} asked for what is an operator's, from {Place}.")]
    public static partial void NotAnOperator(ILogger logger, Guid user, string place);

    [LoggerMessage(LogLevel.Warning, "Not signed in: what came from the OpenID Connect provider was refused ({Why}), from {Place}.")]
    public static partial void OpenIdRefused(ILogger logger, string why, string place);

    [LoggerMessage(LogLevel.Information, "A passkey was refused: {Why}")]
    public static partial void PasskeyRefused(ILogger logger, string why);
}
