using System.Collections.Frozen;

namespace Portal.Sms.Provider;

/// <summary>What the portal does about a code (provider README section 3).</summary>
public enum CodeAction
{
    /// <summary>Submitted.</summary>
    Accepted,

    /// <summary>Stop the account; a person must act.</summary>
    StopAccount,

    /// <summary>Stop this kind of call for the account.</summary>
    StopCall,

    /// <summary>Find the bad number by halving, send the rest.</summary>
    FindBadNumber,

    /// <summary>Slow the account down, try again.</summary>
    SlowDown,

    /// <summary>Fail the batch, no retry.</summary>
    FailBatch,

    /// <summary>Nobody knows what happened.</summary>
    InDoubt,
}

/// <summary>One code with the provider's words.</summary>
public sealed record ProviderCode(string Code, CodeAction Action, string Words);

/// <summary>The provider's codes (provider document section 6).</summary>
public static class ProviderCodes
{
    /// <summary>The code of a success.</summary>
    public const string Success = "000";

    private static readonly FrozenDictionary<string, ProviderCode> _byCode = new ProviderCode[]
    {
        new(Success, CodeAction.Accepted, "submitted"),
        new("101", CodeAction.StopAccount, "account of illegal"),
        new("102", CodeAction.StopAccount, "signature failed"),
        new("103", CodeAction.StopAccount, "request time expired or invalid format"),
        new("104", CodeAction.FindBadNumber, "number is wrong"),
        new("105", CodeAction.SlowDown, "the interface invocation frequency is too frequent"),
        new("106", CodeAction.StopCall, "the account type is not verification code"),
        new("108", CodeAction.FailBatch, "the request parameters are invalid"),
        new("111", CodeAction.FindBadNumber, "the number format is incorrect or the maximum number exceeds 1000"),
        new("201", CodeAction.StopAccount, "no channel is configured"),
        new("202", CodeAction.StopAccount, "balance is insufficient"),
        new("203", CodeAction.StopAccount, "account has been deactivated"),
        new("204", CodeAction.StopAccount, "ip address authentication fails"),
        new("205", CodeAction.StopAccount, "no secret key found"),
        new("206", CodeAction.StopCall, "the interface permission is not granted to the account"),
        new("999", CodeAction.InDoubt, "system error"),
    }.ToFrozenDictionary(c => c.Code);

    private static readonly FrozenSet<string> _proveNothing = new[] { "101", "102", "103", "204", "205", "999" }.ToFrozenSet();

    /// <summary>Every listed code, <c>000</c> included, in order.</summary>
    public static IReadOnlyList<ProviderCode> All { get; } = [.. _byCode.Values.OrderBy(c => c.Code, StringComparer.Ordinal)];

    /// <summary>True for a code that the document lists.</summary>
    public static bool IsListed(string? code) => code is not null && _byCode.ContainsKey(code);

    /// <summary>What a code means; one that the document does not list is in doubt, with no words.</summary>
    public static ProviderCode Find(string? code) =>
        code is not null && _byCode.TryGetValue(code, out var listed) ? listed : new ProviderCode(code ?? "", CodeAction.InDoubt, "");

    /// <summary>
    /// True when the answer shows that the provider knew the apikey and found the signature right (design section 5).
    /// An unreadable or unlisted answer shows nothing, nor does one that the provider gives before it looks at the signature.
    /// </summary>
    public static bool ProvesKeyPair(ProviderAnswer answer) =>
        (answer.Kind is AnswerKind.Accepted or AnswerKind.Refused || answer.Doubt is DoubtReason.RefusedButTaken)
        && IsListed(answer.Code)
        && !_proveNothing.Contains(answer.Code!);
}
