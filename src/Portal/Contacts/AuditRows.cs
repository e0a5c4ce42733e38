using Npgsql;
using Portal.Audit;

namespace Portal.Contacts;

/// <summary>Writes an audit entry in a transaction that is written by hand.</summary>
internal static class AuditRows
{
    public static Task AuditAsync(this NpgsqlConnection connection, AuditEntry entry, CancellationToken ct) =>
        connection.ExecuteAsync("""
            insert into app.audit_entries (tenant_id, id, at, actor_id, subject_id, action, details) values ($1, $2, $3, $4, $5, $6, $7)
            """, [entry.TenantId, entry.Id, entry.At, entry.ActorId, entry.SubjectId, entry.Action, entry.Details], ct);
}
