using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Campaigns;

internal static class ScheduleRows
{
    /// <summary>The schedule's row, locked for the caller's transaction: its next run and a person's click may meet.</summary>
    public static Task<Schedule?> LockScheduleAsync(this PortalDb db, Guid scheduleId, CancellationToken ct) => db.Set<Schedule>()
        .FromSql($"select * from app.schedules where tenant_id = {db.TenantId} and id = {scheduleId} for update")
        .SingleOrDefaultAsync(ct);
}
