using System.Net;
using Portal.Simulator.Accounts;

namespace Portal.Simulator.Calls;

/// <summary>
/// What a request came to. With code 000 there is an account and its numbers; with <see cref="Entered"/> the account
/// holds a place for the request until it leaves.
/// </summary>
internal readonly record struct Verdict(string Code, Account? Account = null, bool Entered = false, long[]? Numbers = null);

/// <summary>
/// The checks of the provider's document. It names no order; ours goes from the envelope inwards: is it a request, who is it,
/// may they, how often, and only then what they want to send. The balance comes last, with the acceptance.
/// </summary>
internal sealed class Checks(AccountBook accounts, TimeProvider clock)
{
    public Verdict Judge(CallKind call, SendRequest? request, IPAddress? caller, long arrived)
    {
        if (request is not { IsComplete: true })
            return new(Codes.BadParameters);
        if (accounts.Find(request.Apikey) is not { } account)
            return new(Codes.UnknownAccount);
        if (Identity(account.Options, request, caller) is { } stranger)
            return new(stranger);
        if (Permission(account.Options.Kind, call) is { } forbidden)
            return new(forbidden);
        if (!account.TryEnter(arrived))
            return new(Codes.TooFrequent);
        var numbers = NumberList.Parse(request.Mobile);
        var code = Content(account.Options, call, request, numbers);
        return new(code, account, Entered: true, numbers);
    }

    private string? Identity(AccountOptions account, SendRequest request, IPAddress? caller)
    {
        if (!account.Active)
            return Codes.Deactivated;
        if (!account.HasSecret)
            return Codes.NoSecret;
        if (!IpWhitelist.Allows(account.Whitelist, caller))
            return Codes.BadAddress;
        if (!ProviderTime.Accepts(request.Timestamp, clock.GetUtcNow()))
            return Codes.BadTime;
        return Signature.IsRight(request.Apikey, request.Timestamp, account.Secret, request.Sign) ? null : Codes.BadSignature;
    }

    private static string? Permission(AccountKind kind, CallKind call) => (kind, call) switch
    {
        (AccountKind.Marketing, CallKind.VerifCodeSend) => Codes.NotVerification,
        (AccountKind.Verification, CallKind.Send) => Codes.NotGranted,
        _ => null,
    };

    private static string Content(AccountOptions account, CallKind call, SendRequest request, long[]? numbers)
    {
        if (!IsSenderId(request.SenderId))
            return Codes.BadParameters;
        var asked = NumberList.Count(request.Mobile);
        if (numbers is null || numbers.Any(account.BadNumbers.Contains))
            return asked == 1 ? Codes.BadNumber : Codes.BadNumbers;
        if (asked > 1 && call == CallKind.VerifCodeSend)
            return Codes.BadNumbers;
        return account.Channel ? Codes.Success : Codes.NoChannel;
    }

    /// <summary>Provider document section 2.2: 2 to 10 digits or letters; empty as in its example = not given.</summary>
    private static bool IsSenderId(string senderId) =>
        senderId.Length == 0 || (senderId.Length is >= 2 and <= 10 && senderId.All(char.IsAsciiLetterOrDigit));
}
