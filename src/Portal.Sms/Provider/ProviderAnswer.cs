using System.Net;

namespace Portal.Sms.Provider;

/// <summary>What is known after a request.</summary>
public enum AnswerKind
{
    /// <summary>The provider took it.</summary>
    Accepted,

    /// <summary>The provider said no, and nothing was sent.</summary>
    Refused,

    /// <summary>Nothing of the request left this machine: it may be planned again.</summary>
    NotSent,

    /// <summary>It may or may not have been sent: it is never sent again by the machine.</summary>
    InDoubt,
}

/// <summary>Why an answer is in doubt.</summary>
public enum DoubtReason
{
    /// <summary>No whole answer in time.</summary>
    TimedOut,

    /// <summary>The connection ended before a whole answer.</summary>
    ConnectionCut,

    /// <summary>HTTP 5xx.</summary>
    ServerError,

    /// <summary>The provider's code 999.</summary>
    SystemError999,

    /// <summary>A code that the provider's document does not list.</summary>
    UnknownCode,

    /// <summary>Not the JSON that was expected, more than 64 KB of it, or not HTTP.</summary>
    Unreadable,

    /// <summary>HTTP 3xx. It is not followed; something received the request.</summary>
    Redirected,

    /// <summary>A refusal that also carries a taskid, valid numbers or segments, or calls itself a success.</summary>
    RefusedButTaken,

    /// <summary>The caller gave up after the request had left.</summary>
    Cancelled,
}

/// <summary>Why nothing left.</summary>
public enum NotSentReason
{
    /// <summary>No connection: refused, unreachable, or ended before the request.</summary>
    ConnectionRefused,

    /// <summary>The host's name has no address.</summary>
    NameNotResolved,

    /// <summary>No TLS session: wrong certificate, or not TLS.</summary>
    TlsFailed,

    /// <summary>No connection in time.</summary>
    ConnectTimedOut,

    /// <summary>The host's addresses are private or reserved, and such addresses are not allowed.</summary>
    AddressNotAllowed,

    /// <summary>The caller gave up before the request left.</summary>
    Cancelled,
}

/// <summary>The outcome of one request. It holds no secret, no text and no number.</summary>
public sealed record ProviderAnswer
{
    /// <summary>What is known.</summary>
    public required AnswerKind Kind { get; init; }

    /// <summary>The provider's code, three digits when it is a number (<c>000</c> for every accepted request); null when there was none that can be shown.</summary>
    public string? Code { get; init; }

    /// <summary>The id that receipts will carry, exactly as the provider wrote it; at most 64 characters.</summary>
    public string? TaskId { get; init; }

    /// <summary>How many numbers the provider found valid (<c>validnumber</c>).</summary>
    public int? ValidNumber { get; init; }

    /// <summary>Billed segments (<c>jfts</c>).</summary>
    public int? Segments { get; init; }

    /// <summary>Why, when <see cref="Kind"/> is <see cref="AnswerKind.InDoubt"/>.</summary>
    public DoubtReason? Doubt { get; init; }

    /// <summary>Why, when <see cref="Kind"/> is <see cref="AnswerKind.NotSent"/>.</summary>
    public NotSentReason? NotSent { get; init; }

    /// <summary>The HTTP status, when one arrived.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The provider's HTTP <c>Date</c> minus our clock; it has whole seconds only.</summary>
    public TimeSpan? ClockOffset { get; init; }

    /// <summary>The address of this machine that the request left from; behind a NAT it is not the one that the provider sees.</summary>
    public IPAddress? LocalAddress { get; init; }

    /// <summary>From the call to its outcome.</summary>
    public TimeSpan Elapsed { get; init; }

    internal static ProviderAnswer InDoubt(DoubtReason why, int? httpStatus = null, string? code = null) =>
        new() { Kind = AnswerKind.InDoubt, Doubt = why, HttpStatus = httpStatus, Code = code };
}
