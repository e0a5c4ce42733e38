using Portal.Dispatch;

namespace Portal.Campaigns;

/// <summary>What a campaign would do, before anything leaves. All figures are of this moment.</summary>
public sealed record CampaignReview
{
    /// <summary>Places on the lists; somebody on two lists has two.</summary>
    public required long Listed { get; init; }

    public required long Duplicates { get; init; }

    public required long Suppressed { get; init; }

    /// <summary>People whose country the tenant does not write to, the most first.</summary>
    public required IReadOnlyList<CountryCount> OtherCountries { get; init; }

    /// <summary>People whose number is not the tenant's own, while it is in trial.</summary>
    public required long Trial { get; init; }

    /// <summary>People whom campaigns reached as often as the tenant allows.</summary>
    public required long TooOften { get; init; }

    /// <summary>People who lack a field of the text, and so get nothing.</summary>
    public required long Incomplete { get; init; }

    /// <summary>How many of them lack which field; somebody can lack several.</summary>
    public required IReadOnlyList<FieldGap> Missing { get; init; }

    /// <summary>People for whom the text comes out blank.</summary>
    public required long Empty { get; init; }

    /// <summary>People who get a message.</summary>
    public required long Messages { get; init; }

    /// <summary>Billed parts in all, as we count them.</summary>
    public required long Segments { get; init; }

    /// <summary>The most parts that one person's text has.</summary>
    public required int LongestSegments { get; init; }

    /// <summary>Messages that need 16 bits a character.</summary>
    public required long Ucs2 { get; init; }

    /// <summary>The characters that cause it, at most 20.</summary>
    public required IReadOnlyList<string> NotGsm { get; init; }

    /// <summary>Requests, so batches.</summary>
    public required long Requests { get; init; }

    /// <summary>Null while no usable account is chosen.</summary>
    public required string? AccountLabel { get; init; }

    /// <summary>Requests a second that the account allows.</summary>
    public required int Rate { get; init; }

    public required int BatchSize { get; init; }

    public required IReadOnlyList<string> ListNames { get; init; }

    /// <summary>The planned instant; now plus the undo window for "now".</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When the last request leaves: at the account's full rate, or as slowly as was asked for.</summary>
    public required DateTimeOffset HandedOverAt { get; init; }

    /// <summary>The end that was asked for and that the account's rate cannot hold; null: it can.</summary>
    public DateTimeOffset? TooSlowFor { get; init; }

    public SendingCanary? Canary { get; init; }

    /// <summary>The planned time comes twice that day; the first is meant.</summary>
    public required bool TimeRepeats { get; init; }

    /// <summary>The rule of what is to repeat; null for a single campaign.</summary>
    public RepeatInput? Repeat { get; init; }

    /// <summary>Its next runs.</summary>
    public IReadOnlyList<Occurrence> Runs { get; init; } = [];

    /// <summary>Seconds in which it can be undone.</summary>
    public required int UndoSeconds { get; init; }

    /// <summary>People who are put off, because it is quiet where they are at the start, by country; before fields are looked at.</summary>
    public IReadOnlyList<QuietMove> QuietMoves { get; init; } = [];

    /// <summary>A second person must approve it: so many people are not for one to decide about.</summary>
    public required bool NeedsApproval { get; init; }

    /// <summary>The words of the text that ask for an answer, though nobody can answer.</summary>
    public required string? AsksForReply { get; init; }

    public required EarlierCampaign? SameTextLately { get; init; }

    /// <summary>What would refuse it, each at its field; skips that nobody has accepted are not among them.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>People on the lists who get nothing.</summary>
    public long Skipped => Suppressed + OtherCountries.Sum(c => c.People) + Trial + TooOften + Incomplete + Empty;
}

/// <summary>People of a country in which it is quiet.</summary>
/// <param name="Country">Two letters, or + and a calling code: they wait until it is quiet in none of its countries.</param>
/// <param name="Until">When they get it.</param>
/// <param name="Never">It is quiet there at every hour; they are looked at again then.</param>
/// <param name="Dropped">That is past the last allowed time, so they get nothing.</param>
public sealed record QuietMove(string Country, long People, DateTimeOffset Until, bool Never = false, bool Dropped = false);

/// <param name="Country">Two letters; null for numbers of no country that is known.</param>
public sealed record CountryCount(string? Country, long People);

/// <param name="Field">The field's normal form.</param>
/// <param name="People">How many lack it.</param>
public sealed record FieldGap(string Field, long People);
