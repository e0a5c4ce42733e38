namespace Portal.Dispatch;

/// <summary>How much may be sent in a day and in a month of the tenant's zone; null: no limit.</summary>
public sealed record LimitFigures(int? DayMessages = null, int? DaySegments = null, int? MonthMessages = null, int? MonthSegments = null)
{
    private const int Most = 1_000_000_000;

    public static LimitFigures None { get; } = new();

    internal static LimitFigures Of(Limit? limit) =>
        limit is null ? None : new(limit.DayMessages, limit.DaySegments, limit.MonthMessages, limit.MonthSegments);

    /// <summary>Whether anything that could be sent before can no longer be. What is no figure takes nothing away: it is refused.</summary>
    public bool IsStricterThan(LimitFigures before) =>
        All().Zip(before.All()).Any(f => f.First.Value is >= 1 and { } value && (f.Second.Value is not { } was || value < was));

    /// <summary>Each figure with the name of its field.</summary>
    internal IReadOnlyList<(string Name, int? Value)> All() =>
        [("DayMessages", DayMessages), ("DaySegments", DaySegments), ("MonthMessages", MonthMessages), ("MonthSegments", MonthSegments)];

    /// <summary>Problems at <paramref name="prefix"/> and the figure's name: <c>out_of_range</c>.</summary>
    internal IEnumerable<Problem> Check(string prefix = "") =>
        All().Where(f => f.Value is < 1 or > Most).Select(f => new Problem(prefix + f.Name, "out_of_range", 1, Most));

    internal void ApplyTo(Limit limit) =>
        (limit.DayMessages, limit.DaySegments, limit.MonthMessages, limit.MonthSegments) = (DayMessages, DaySegments, MonthMessages, MonthSegments);
}
