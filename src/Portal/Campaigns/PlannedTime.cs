namespace Portal.Campaigns;

/// <summary>The instant that a wall-clock time in a zone stands for.</summary>
/// <param name="Repeats">The clock shows this time twice that day; it is the first that is meant.</param>
public sealed record PlannedTime(DateTimeOffset At, bool Repeats)
{
    private const int MinutesADay = 24 * 60;

    /// <summary>
    /// Reads a planned time. Problems at <paramref name="field"/>: <c>zone_unknown</c> (the zone), <c>time_gap</c> (the clock
    /// jumps over it; values: the next time that exists, the zone), <c>time_past</c> (values: now on that clock, the zone).
    /// </summary>
    /// <param name="now">By the database's clock where it decides.</param>
    public static Result<PlannedTime> Read(DateTime local, string zone, DateTimeOffset now, string field = "PlannedAt")
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return new Problem(field, "zone_unknown", zone);
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var existing = Existing(wall, found);
        if (existing != wall)
            return new Problem(field, "time_gap", existing, zone);
        var planned = Of(wall, found);
        return planned.At > now
            ? planned
            : new Problem(field, "time_past", TimeZoneInfo.ConvertTime(now, found).DateTime, zone);
    }

    /// <summary>A time that exists, as an instant: the first of two.</summary>
    internal static PlannedTime Of(DateTime wall, TimeZoneInfo zone)
    {
        var shown = Shown(wall, zone);
        return new(shown.Min(), shown.Count > 1);
    }

    /// <summary>The same time, or the next minute that exists where the clock jumps over it.</summary>
    internal static DateTime Existing(DateTime wall, TimeZoneInfo zone)
    {
        if (Shown(wall, zone).Count > 0)
            return wall;
        var next = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        // The longest gap there ever was is a day.
        for (var minute = 0; minute <= MinutesADay && Shown(next, zone).Count == 0; minute++)
            next = next.AddMinutes(1);
        return next;
    }

    // When the clock shows a time: not at all, once or twice. Asked by instants, because TimeZoneInfo's own answers about wall
    // clocks (IsInvalidTime, IsAmbiguousTime) are wrong where winter time is the exception: Dublin, Casablanca.
    private static List<DateTimeOffset> Shown(DateTime wall, TimeZoneInfo zone)
    {
        var asUtc = new DateTimeOffset(wall, TimeSpan.Zero);
        TimeSpan[] offsets = [zone.GetUtcOffset(asUtc.AddMinutes(-MinutesADay)), zone.GetUtcOffset(asUtc.AddMinutes(MinutesADay))];
        return [.. offsets.Distinct().Select(o => new DateTimeOffset(wall, o)).Where(at => zone.GetUtcOffset(at) == at.Offset)];
    }
}
