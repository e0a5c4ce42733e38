using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Contacts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>A run ahead.</summary>
/// <param name="Skipped">A person left it out.</param>
public sealed record RunAhead(Occurrence Run, bool Skipped);

/// <summary>Everything that the page of a schedule shows.</summary>
/// <param name="ChangedAt">Its version, for changing it.</param>
/// <param name="Ahead">The next runs that go out, and the skipped ones between them; empty unless active.</param>
/// <param name="Runs">What it made, the newest first.</param>
/// <param name="Timeline">The newest first.</param>
public sealed record ScheduleView(
    Guid Id, string Name, ScheduleState State, DateTimeOffset ChangedAt, Guid AccountId, string? AccountLabel, AccountState? AccountState, IReadOnlyList<Guid> ListIds,
    IReadOnlyList<string> ListNames, string Text, string TimeZone, Recurrence Rule, RepeatInput Repeat, IReadOnlyList<RunAhead> Ahead,
    IReadOnlyList<CampaignLine> Runs, IReadOnlyList<Happening> Timeline)
{
    /// <summary>A list that it writes to does not exist any more: its runs cannot start.</summary>
    public bool ListGone => ListNames.Count < ListIds.Count;

    /// <summary>Whoever asks runs the portal: the text is left out.</summary>
    public bool TextHidden { get; init; }
}

/// <summary>Reads one schedule for its page (role Viewer); null when there is none.</summary>
public sealed class SchedulePage(PortalDbFactory dbs, Databases databases)
{
    private const int MostRuns = 50;

    private const int MostHappenings = 60;

    public async Task<ScheduleView?> RunAsync(Member member, Guid scheduleId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        if (await db.Set<Schedule>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == scheduleId, ct) is not { } s)
            return null;
        var account = await db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == s.AccountId, ct);
        var lists = await db.Set<ContactList>().Where(l => s.ListIds.Contains(l.Id)).OrderBy(l => l.Name).Select(l => l.Name).ToListAsync(ct);
        var happened = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.SubjectId == s.Id).OrderByDescending(e => e.At).ThenByDescending(e => e.Id)
            .Take(MostHappenings).Select(e => new Happening(e.At, e.Action, e.ActorId != null, e.Details)).ToListAsync(ct);
        var ahead = s.State == ScheduleState.Active ? Ahead(s, await db.NowAsync(ct)) : [];
        return new(
            s.Id, s.Name, s.State, s.ChangedAt, s.AccountId, account?.Label, account?.State, s.ListIds, lists, member.Acting ? "" : s.Text, s.TimeZone,
            RecurrenceText.Read(s.Rule).Value, new(s.Rule, s.StartsOn, s.EndsOn, s.StartWithin), ahead, await RunsAsync(member, s.Id, ct), happened)
        {
            TextHidden = member.Acting,
        };
    }

    // What is skipped is shown as well, so that it can be taken back; five go out.
    private static List<RunAhead> Ahead(Schedule schedule, DateTimeOffset now)
    {
        var ahead = new List<RunAhead>();
        var begin = schedule.Skipped.Prepend(schedule.NextOccurrence!.Value).Min();
        foreach (var run in RepeatPlan.Of(schedule).Since(begin))
        {
            var skipped = schedule.Skipped.Contains(run.Wall);
            // Between a skipped time and the next run there may be one that has been made.
            if (skipped ? run.At > now : run.Wall >= schedule.NextOccurrence)
                ahead.Add(new(run, skipped));
            if (ahead.Count(r => !r.Skipped) == RepeatPlan.Shown)
                break;
        }
        return ahead;
    }

    private async Task<List<CampaignLine>> RunsAsync(Member member, Guid scheduleId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return await connection.QueryAsync(CampaignList.Read, $"""
            select {CampaignList.Line} {CampaignList.Joined} where c.tenant_id = $1 and c.schedule_id = $2 order by c.occurrence desc limit $3
            """, [member.TenantId, scheduleId, MostRuns], ct);
    }
}
