using Portal.Sms.Provider;

namespace Portal.Dispatch;

/// <summary>What an answer means for its batch.</summary>
internal enum OutcomeKind
{
    Accepted,

    /// <summary>The provider said no, nothing was sent, and asking again would not help.</summary>
    Refused,

    /// <summary>Nothing was sent: planned again, after a delay.</summary>
    Again,

    /// <summary>Nothing was sent: some number of the batch is bad, so its halves are planned instead.</summary>
    Halves,

    InDoubt,
}

/// <summary>An answer, classified. The same answer always means the same (provider README section 3).</summary>
internal sealed record Outcome(OutcomeKind Kind, string? Code, string? Why, ProviderAnswer? Answer)
{
    /// <summary>The account must stop, with this code.</summary>
    public string? StopCode { get; init; }

    public bool SlowDown { get; init; }

    /// <summary>Billed parts of the request as we count them.</summary>
    public int OwnSegments { get; init; }

    /// <summary>What an accepted request of so many numbers adds to its sending's counts.</summary>
    public (int NotTaken, int Segments, int OwnSegments) Counts(int numbers) => Kind == OutcomeKind.Accepted
        ? (Math.Max(0, numbers - (Answer?.ValidNumber ?? numbers)), Answer?.Segments ?? 0, OwnSegments)
        : (0, 0, 0);

    public static Outcome Of(ProviderAnswer answer, int numbers) => answer.Kind switch
    {
        AnswerKind.Accepted => new(OutcomeKind.Accepted, answer.Code, null, answer),
        AnswerKind.InDoubt => new(OutcomeKind.InDoubt, answer.Code, Data.Words.Of(answer.Doubt!.Value), answer),
        AnswerKind.NotSent => new(OutcomeKind.Again, null, Data.Words.Of(answer.NotSent!.Value), answer),
        _ => OfRefusal(answer, numbers),
    };

    /// <summary>More than five seconds passed between the commit and the first byte: nothing was written to the wire.</summary>
    public static Outcome TooLate { get; } = new(OutcomeKind.Again, null, "too_late", null);

    /// <summary>The connection died when the begin was committed: nothing was written to the wire.</summary>
    public static Outcome BeginLost { get; } = new(OutcomeKind.Again, null, "begin_lost", null);

    /// <summary>For a sending that proves a key pair: its answer is what was asked for, so it never goes again.</summary>
    public Outcome AsProof => Kind == OutcomeKind.Again && Answer is not null ? this with { Kind = OutcomeKind.Refused, StopCode = null } : this with { StopCode = null };

    private static Outcome OfRefusal(ProviderAnswer answer, int numbers) => ProviderCodes.Find(answer.Code).Action switch
    {
        CodeAction.FindBadNumber when numbers > 1 => new(OutcomeKind.Halves, answer.Code, null, answer),
        CodeAction.FindBadNumber or CodeAction.FailBatch => new(OutcomeKind.Refused, answer.Code, null, answer),
        CodeAction.SlowDown => new(OutcomeKind.Again, answer.Code, null, answer) { SlowDown = true },
        CodeAction.StopAccount or CodeAction.StopCall => new(OutcomeKind.Again, answer.Code, null, answer) { StopCode = answer.Code },
        _ => new(OutcomeKind.InDoubt, answer.Code, Data.Words.Of(DoubtReason.UnknownCode), answer),
    };
}
