using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>What the use cases that steer a schedule share: one locked row, one transaction, one entry.</summary>
internal sealed class ScheduleControl(PortalDbFactory dbs, LiveFeed live)
{
    /// <param name="change">Changes the row, by the database's clock, and tells it; or refuses.</param>
    public async Task<Result<Guid>> RunAsync(Member member, Guid scheduleId, Func<Schedule, DateTimeOffset, Result<AuditEntry>> change, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockScheduleAsync(scheduleId, ct) is not { } schedule)
            return new Problem("", "schedule_gone");
        var now = await db.NowAsync(ct);
        var told = change(schedule, now);
        if (!told.Ok)
            return told.Problems.ToList();
        schedule.ChangedAt = now;
        db.Add(told.Value);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, scheduleId);
        return scheduleId;
    }
}
