using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Campaigns;

internal static class CampaignRows
{
    /// <summary>The campaign's row, locked for the caller's transaction: its start and a person's click may meet.</summary>
    public static Task<Campaign?> LockAsync(this PortalDb db, Guid campaignId, CancellationToken ct) => db.Set<Campaign>()
        .FromSql($"select *, xmin from app.campaigns where tenant_id = {db.TenantId} and id = {campaignId} for update")
        .SingleOrDefaultAsync(ct);

    /// <summary>Now by the database's clock, which decides what is due.</summary>
    public static Task<DateTimeOffset> NowAsync(this PortalDb db, CancellationToken ct) =>
        db.Database.SqlQuery<DateTimeOffset>($"""select clock_timestamp() as "Value" """).SingleAsync(ct);

    /// <summary>Writes an entry that must stand once, whoever comes first. The campaign's lock lines the callers up.</summary>
    public static async Task NoteOnceAsync(this PortalDbFactory dbs, TenantScope scope, AuditEntry entry, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(entry.SubjectId, ct);
        if (await db.Set<AuditEntry>().AnyAsync(e => e.SubjectId == entry.SubjectId && e.Action == entry.Action, ct))
            return;
        db.Add(entry);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
