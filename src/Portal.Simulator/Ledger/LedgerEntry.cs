using Portal.Simulator.Calls;
using Portal.Simulator.Faults;

namespace Portal.Simulator.Ledger;

/// <summary>One request as it was decided. Texts are not kept, only their SHA-256; numbers are, when they were accepted.</summary>
internal sealed record LedgerEntry(DateTimeOffset Time, CallKind Call, string Code)
{
    /// <summary>How many numbers were asked for.</summary>
    public int Asked { get; init; }

    public byte[]? ContentHash { get; init; }

    /// <summary>0 when nothing was accepted.</summary>
    public long TaskId { get; init; }

    public long[] Accepted { get; init; } = [];

    /// <summary>The fault that came instead of the reply.</summary>
    public FaultKind? Fault { get; init; }
}
