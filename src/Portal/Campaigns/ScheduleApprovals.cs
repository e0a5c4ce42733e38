using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>What a second person has to say about a schedule.</summary>
/// <param name="ChangedAt">The schedule's version: nothing else is approved.</param>
/// <param name="Above">More people than one person may decide about.</param>
/// <param name="People">Whom a run would go to now.</param>
/// <param name="UpTo">Runs to so many were approved; null: none were.</param>
/// <param name="ByName">Who approved them.</param>
/// <param name="IsOwn">The member made it or changed it last, and so does not decide.</param>
public sealed record ScheduleApproval(DateTimeOffset ChangedAt, int Above, int People, int? UpTo, string? ByName, bool IsOwn)
{
    /// <summary>The next run would wait for approval.</summary>
    public bool Needed => People > Math.Max(Above, UpTo ?? 0);
}

/// <summary>Counts whom a schedule would go to, where more than some need a second person (role Viewer); null where nobody has to approve it.</summary>
public sealed class ScheduleApprovals(PortalDbFactory dbs, Databases databases)
{
    public async Task<ScheduleApproval?> RunAsync(Member member, Guid scheduleId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        if (await db.Set<TenantSettings>().Select(s => s.ApprovalAbove).SingleAsync(ct) is not { } above)
            return null;
        if (await db.Set<Schedule>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == scheduleId && s.State != ScheduleState.Ended, ct) is not { } schedule)
            return null;
        var people = await Approvals.CountAsync(databases, member.TenantId, schedule.ListIds, ct);
        var upTo = schedule.ApprovedPeople is { } approved ? Approvals.UpTo(approved) : (int?)null;
        return people > above || upTo is not null ? new(schedule.ChangedAt, above, people, upTo, schedule.ApprovedByName, schedule.IsOf(member.UserId)) : null;
    }
}
