using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Portal.Simulator.Faults;

namespace Portal.Simulator.Receipts;

internal enum ReceiptFaultKind
{
    /// <summary>Pushed two times, whatever is answered.</summary>
    [JsonStringEnumMemberName("twice")] Twice,
    [JsonStringEnumMemberName("fourTimes")] FourTimes,

    /// <summary>The word before the last one (<c>ENROUTE</c>) comes behind it.</summary>
    [JsonStringEnumMemberName("outOfOrder")] OutOfOrder,

    /// <summary>Pushed at once, while the reply of its call is held back for <c>holdMs</c>.</summary>
    [JsonStringEnumMemberName("beforeReply")] BeforeReply,

    /// <summary>Four digits of the number are hidden.</summary>
    [JsonStringEnumMemberName("masked")] Masked,

    /// <summary>Never pushed.</summary>
    [JsonStringEnumMemberName("missing")] Missing,

    /// <summary>A second one says the opposite: not delivered after delivered, delivered after anything else.</summary>
    [JsonStringEnumMemberName("conflicting")] Conflicting,

    /// <summary>Pushed so many <c>hours</c> later, times the scale of time.</summary>
    [JsonStringEnumMemberName("delayed")] Delayed,

    /// <summary>Carries the apikey of <c>as</c>.</summary>
    [JsonStringEnumMemberName("otherAccount")] OtherAccount,
}

/// <summary>A fault of receipts as it is asked for.</summary>
internal sealed record ReceiptFaultOptions
{
    [JsonRequired]
    public ReceiptFaultKind Kind { get; set; }

    /// <summary>Null = every account.</summary>
    public string? Apikey { get; set; }

    /// <summary>0 to 1 of all numbers, spread evenly.</summary>
    public double Share { get; set; } = 1;

    /// <summary>How often it happens; null = until it is removed.</summary>
    public int? Times { get; set; }

    public double Hours { get; set; } = 6;

    public int HoldMs { get; set; } = 500;

    public string? As { get; set; }

    public string? Mistake() => this switch
    {
        { Share: not (>= 0 and <= 1) } => "share is 0 to 1.",
        { Times: < 1 } => "times is counted from 1.",
        { Hours: not (> 0 and < 1000) } => "hours is above 0 and below 1000.",
        { HoldMs: < 0 or > 60_000 } => "holdMs is 0 to 60000.",
        { Kind: ReceiptFaultKind.OtherAccount, As: null or "" } => "as is the apikey that the receipt carries.",
        _ => null,
    };
}

internal sealed record ReceiptFaultView(int Fired, ReceiptFaultOptions Fault);

/// <summary>The receipt faults that are switched on, oldest first. The first one that is due happens.</summary>
internal sealed class ReceiptFaults
{
    private ImmutableList<(ReceiptFaultOptions Options, Turns Turns)> _faults = [];

    public IEnumerable<ReceiptFaultView> All => _faults.Select(f => new ReceiptFaultView(f.Turns.Taken, f.Options));

    public void Add(ReceiptFaultOptions options) => ImmutableInterlocked.Update(ref _faults, faults => faults.Add((options, new Turns(options.Share, options.Times))));

    public void Clear() => ImmutableInterlocked.Update(ref _faults, faults => faults.Clear());

    public ReceiptFaultOptions? Take(string apikey) =>
        _faults.Find(f => (f.Options.Apikey is not { } only || only == apikey) && f.Turns.TryTake()).Options;
}

internal static class ReceiptFaultEndpoints
{
    public static void MapReceiptFaults(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/faults/receipts");
        group.MapGet("", (ReceiptFaults faults) => faults.All);
        group.MapPost("", (ReceiptFaultOptions options, ReceiptFaults faults) =>
        {
            if (options.Mistake() is { } mistake)
                return Results.BadRequest(mistake);
            faults.Add(options);
            return Results.NoContent();
        });
        group.MapDelete("", (ReceiptFaults faults) => faults.Clear());
    }
}
