using Portal.Data;
using Portal.Sms.Provider;
using Portal.Vault;

namespace Portal.Accounts;

/// <summary>What a signed call with an invalid number showed.</summary>
/// <param name="MissingAddress">The address of ours that is missing on the whitelist, after a 204, where known.</param>
/// <param name="Index">The blind hashes of a proven apikey; empty for one that was not proven.</param>
internal sealed record Proof(DateTimeOffset At, ProviderAnswer Answer, string? MissingAddress, IReadOnlyList<BlindIndex> Index)
{
    /// <summary>The provider knew the apikey and found the signature right.</summary>
    public bool Proven => Proves(Answer);

    /// <summary>The provider's code, else the word for why there is none.</summary>
    public string Code => Answer.Code
        ?? (Answer.NotSent is { } reason ? Words.Of(reason) : Words.Of(Answer.Doubt ?? DoubtReason.Unreadable));

    /// <summary>The provider says something that a person must mend before this account can send.</summary>
    public bool Stops => ProviderCodes.Find(Answer.Code).Action is CodeAction.StopAccount or CodeAction.StopCall;

    public bool Passed => Proven && !Stops;

    // The document does not say whether a deactivated account's signature is looked at before it is turned away.
    public static bool Proves(ProviderAnswer answer) => answer.Code != "203" && ProviderCodes.ProvesKeyPair(answer);

    /// <summary>Why a key pair is not taken, at the field where it can be mended; null when it is taken.</summary>
    public Problem? Refusal => Answer.Kind switch
    {
        AnswerKind.NotSent => new Problem("BaseAddress", Code),
        AnswerKind.InDoubt when !Proven => InDoubt(),
        _ => Code switch
        {
            "101" => new Problem("ApiKey", "wrong_apikey"),
            "102" => new Problem("Secret", "wrong_key_pair"),
            "205" => new Problem("Secret", "no_secret_at_provider"),
            "103" => new Problem("", "wrong_clock", Math.Round((Answer.ClockOffset ?? TimeSpan.Zero).TotalMinutes)),
            "106" or "206" => new Problem("Kind", "call_not_granted", Code),
            _ => null,
        },
    };

    private Problem InDoubt() => Answer.Doubt switch
    {
        DoubtReason.TimedOut or DoubtReason.ConnectionCut or DoubtReason.Cancelled => new Problem("BaseAddress", "no_answer"),
        DoubtReason.ServerError or DoubtReason.SystemError999 => new Problem("", "provider_trouble"),
        DoubtReason.UnknownCode => new Problem("", "unknown_code", Answer.Code ?? "?"),
        _ => new Problem("BaseAddress", "not_the_provider"),
    };
}
