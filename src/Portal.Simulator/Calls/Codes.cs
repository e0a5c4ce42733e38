using System.Collections.Frozen;

namespace Portal.Simulator.Calls;

/// <summary>Provider document section 6, with its words.</summary>
internal static class Codes
{
    public const string Success = "000";
    public const string UnknownAccount = "101";
    public const string BadSignature = "102";
    public const string BadTime = "103";
    public const string BadNumber = "104";
    public const string TooFrequent = "105";
    public const string NotVerification = "106";
    public const string BadParameters = "108";
    public const string BadNumbers = "111";
    public const string NoChannel = "201";
    public const string NoBalance = "202";
    public const string Deactivated = "203";
    public const string BadAddress = "204";
    public const string NoSecret = "205";
    public const string NotGranted = "206";
    public const string SystemError = "999";

    private static readonly FrozenDictionary<string, string> _words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Success] = "success",
        [UnknownAccount] = "account of illegal",
        [BadSignature] = "signature failed",
        [BadTime] = "request time expired or invalid format,please check timestamp parameters",
        [BadNumber] = "number is wrong",
        [TooFrequent] = "the interface invocation frequency is too frequent",
        [NotVerification] = "the account type is not verification code",
        [BadParameters] = "the request parameters are invalid",
        [BadNumbers] = "the number format is incorrect or the maximum number exceeds 1000",
        [NoChannel] = "no channel is configured. Please contact customer service",
        [NoBalance] = "balance is insufficient, please contact customer service",
        [Deactivated] = "account has been deactivated, please contact customer service",
        [BadAddress] = "ip address authentication fails. Please contact customer service",
        [NoSecret] = "no secret key found, please contact customer service",
        [NotGranted] = "the interface permission is not granted to the account",
        [SystemError] = "system error",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The document's words for a code; a fault may ask for a code that the document does not have.</summary>
    public static string WordsOf(string code) => _words.GetValueOrDefault(code, "unknown");
}
