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
        if (found.IsInvalidTime(wall))
            return new Problem(field, "time_gap", Valid(wall, found), zone);
        var repeats = found.IsAmbiguousTime(wall);
        // The first of two is the one with the greater offset: summer time has not ended yet.
        var offset = repeats ? found.GetAmbiguousTimeOffsets(wall).Max() : found.GetUtcOffset(wall);
        var at = new DateTimeOffset(wall, offset);
        return at > now
            ? new PlannedTime(at, repeats)
            : new Problem(field, "time_past", TimeZoneInfo.ConvertTime(now, found).DateTime, zone);
    }

    private static DateTime Valid(DateTime wall, TimeZoneInfo zone)
    {
        var next = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        // The longest gap there ever was is a day.
        for (var minute = 0; minute <= MinutesADay && zone.IsInvalidTime(next); minute++)
            next = next.AddMinutes(1);
        return next;
    }
}
