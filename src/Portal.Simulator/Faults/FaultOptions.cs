using System.Text.Json.Serialization;
using Portal.Simulator.Calls;

namespace Portal.Simulator.Faults;

internal enum FaultKind
{
    /// <summary>No reply, for <c>hangMs</c> or until the caller leaves; then the connection is cut.</summary>
    [JsonStringEnumMemberName("hang")] Hang,

    /// <summary>The connection is reset (RST) instead of a reply.</summary>
    [JsonStringEnumMemberName("reset")] Reset,
    [JsonStringEnumMemberName("http500")] Http500,
    [JsonStringEnumMemberName("http503")] Http503,
    [JsonStringEnumMemberName("code999")] Code999,

    /// <summary>HTTP 200 with a page of HTML.</summary>
    [JsonStringEnumMemberName("garbage")] Garbage,

    /// <summary>HTTP 200 with nothing.</summary>
    [JsonStringEnumMemberName("empty")] Empty,

    /// <summary>HTTP 307 to a path of the simulator that accepts: who follows it is found in the ledger.</summary>
    [JsonStringEnumMemberName("redirect")] Redirect,

    /// <summary>The first half of the reply, then the connection is cut.</summary>
    [JsonStringEnumMemberName("halfReply")] HalfReply,

    /// <summary>The reply of a refusal with the code of <c>code</c>.</summary>
    [JsonStringEnumMemberName("code")] Code,

    /// <summary>The first half of the numbers is accepted, and the reply is a refusal with the code of <c>code</c> that carries their data.</summary>
    [JsonStringEnumMemberName("partly")] Partly,
}

internal enum FaultWhen
{
    /// <summary>Nothing is checked and nothing accepted.</summary>
    [JsonStringEnumMemberName("before")] Before,

    /// <summary>The request was accepted, the ledger has it, its receipts will come: only the reply goes wrong.</summary>
    [JsonStringEnumMemberName("after")] After,
}

/// <summary>A fault as it is asked for.</summary>
internal sealed record FaultOptions
{
    /// <summary>Null = every account.</summary>
    public string? Apikey { get; set; }

    [JsonRequired]
    public FaultKind Kind { get; set; }

    public FaultWhen When { get; set; }

    /// <summary>0 to 1, spread evenly: with 0.25 it is every fourth request.</summary>
    public double Share { get; set; } = 1;

    /// <summary>How often it happens; null = until it is removed.</summary>
    public int? Times { get; set; }

    public int? HangMs { get; set; }

    /// <summary>For the kinds <see cref="FaultKind.Code"/> and <see cref="FaultKind.Partly"/>: three digits, also one the document does not have.</summary>
    public string? Code { get; set; }

    /// <summary>What the ledger writes for a request that met this fault before it was accepted.</summary>
    [JsonIgnore]
    public string LedgerCode => Kind switch
    {
        FaultKind.Code999 => Codes.SystemError,
        FaultKind.Code => Code!,
        _ => "fault",
    };

    public string? Mistake() => this switch
    {
        { Kind: FaultKind.Code or FaultKind.Partly } when Code is not { Length: 3 } || !Code.All(char.IsAsciiDigit) => "code is three digits.",
        { Kind: FaultKind.Partly, When: FaultWhen.Before } => "partly is for when after: something is accepted.",
        { Share: not (>= 0 and <= 1) } => "share is 0 to 1.",
        { Times: < 1 } => "times is counted from 1.",
        { HangMs: < 0 } => "hangMs is milliseconds from 0.",
        _ => null,
    };
}
