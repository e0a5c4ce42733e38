using Microsoft.EntityFrameworkCore;

namespace Portal.Audit;

/// <summary>What part of an audit is asked for; nulls ask for everything.</summary>
/// <param name="Who">The person who acted.</param>
/// <param name="What">A word of <see cref="AuditTopics"/>.</param>
/// <param name="From">The first day, in the zone of whoever asks.</param>
/// <param name="To">The last day.</param>
public sealed record AuditFilter(Guid? Who = null, string? What = null, DateOnly? From = null, DateOnly? To = null)
{
    internal IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries, TimeZoneInfo zone)
    {
        if (Who is { } who)
            entries = entries.Where(e => e.ActorId == who);
        if (What is { } what)
        {
            var actions = AuditTopics.ActionsOf(what);
            entries = entries.Where(e => actions.Contains(e.Action));
        }
        if (From is { } from)
        {
            var begin = Begin(from, zone);
            entries = entries.Where(e => e.At >= begin);
        }
        if (To is { } to)
        {
            var end = Begin(to.AddDays(1), zone);
            entries = entries.Where(e => e.At < end);
        }
        return entries.AsNoTracking().OrderByDescending(e => e.At).ThenByDescending(e => e.Id);
    }

    // A midnight that a clock leaves out: the day begins after it.
    private static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}

/// <summary>An entry as pages and exports show it.</summary>
/// <param name="Actor">Null: the portal itself.</param>
/// <param name="Subject">The name of what it was done to, where it has one and is still there.</param>
/// <param name="Tenant">For operators: whose audit it stands in; null for the portal itself.</param>
public sealed record AuditRow(
    Guid Id, DateTimeOffset At, string? Actor, bool ByOperator, string? Address, string? Session, string Action, IReadOnlyList<string> Details, string? Subject, string? Tenant = null);

/// <param name="Name">As of the newest entry.</param>
public sealed record AuditActor(Guid Id, string Name);

/// <param name="People">Who acted, ever: to choose from.</param>
/// <param name="Zone">IANA zone of the filter's days.</param>
public sealed record AuditView(IReadOnlyList<AuditRow> Rows, int Page, int Pages, int Matching, IReadOnlyList<AuditActor> People, string Zone);
