using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

internal static class PersonAudit
{
    /// <summary>
    /// What a person changed about their own sign-in, told in the audit of every tenant that they belong to, in the caller's
    /// transaction. <paramref name="action"/> is a word of <see cref="AuditActions"/>.
    /// </summary>
    // In the order of the tenants: each one's audit is locked at the commit, and two people may share several.
    public static Task NoteOfPersonAsync(this IdentityDb db, Guid user, string action, Origin from, DateTimeOffset at, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $$"""
        insert into app.audit_entries (tenant_id, id, at, actor_id, address, session, subject_id, action, details)
        select m.tenant_id, gen_random_uuid(), {{at}}, u.id, {{from.Address}}, {{from.Session}}, u.id, {{action}}, array[coalesce(nullif(u.display_name, ''), u.email)]
        from ident.memberships m join ident.users u on u.id = m.user_id where u.id = {{user}} order by m.tenant_id
        """,
        ct);
}
