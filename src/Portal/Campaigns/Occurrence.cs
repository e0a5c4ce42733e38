namespace Portal.Campaigns;

/// <summary>One run of a schedule.</summary>
/// <param name="Wall">The wall-clock time that the rule names: each makes one campaign.</param>
/// <param name="At">When that is.</param>
/// <param name="RunsAt">What the clock shows then: another time than <paramref name="Wall"/> where the clock jumps over it.</param>
/// <param name="Repeats">The clock shows this time twice that day; it runs the first time.</param>
public sealed record Occurrence(DateTime Wall, DateTimeOffset At, DateTime RunsAt, bool Repeats)
{
    /// <summary>The clock jumps over its time, so it runs at the next minute that exists.</summary>
    public bool Moved => RunsAt != Wall;

    internal static Occurrence Of(DateTime wall, TimeZoneInfo zone)
    {
        var runsAt = PlannedTime.Existing(wall, zone);
        var planned = PlannedTime.Of(runsAt, zone);
        return new(wall, planned.At, runsAt, planned.Repeats);
    }
}
