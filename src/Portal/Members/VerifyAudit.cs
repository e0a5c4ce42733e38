using Npgsql;
using Portal.Data;

namespace Portal.Members;

/// <param name="No">The link in question; null for an entry that has none.</param>
/// <param name="Why"><c>changed</c>, <c>removed</c>, <c>gap</c>, <c>unlinked</c> or <c>end</c>.</param>
public sealed record AuditFault(long? No, Guid? EntryId, string Why);

/// <param name="Slug">Null: the portal's own audit, or that of a tenant that is not registered.</param>
/// <param name="Head">The newest hash, to be written down elsewhere: whoever rewrote the whole chain could not make it again.</param>
public sealed record AuditVerdict(Guid TenantId, string? Slug, long Entries, string Head, IReadOnlyList<AuditFault> Faults);

/// <summary>Recomputes the chains of audits in the database: for operators. Problem: <c>tenant_unknown</c>.</summary>
public sealed class VerifyAudit(Databases databases)
{
    private const string Sql = """
        select v.tenant_id, t.slug, v.no, v.entry_id, v.why, v.head from infra.verify_audit($1) v
        left join ident.tenants t on t.id = v.tenant_id order by t.slug nulls first, v.tenant_id, v.no nulls last
        """;

    /// <param name="slug">One tenant's; null: all of them.</param>
    public async Task<Result<IReadOnlyList<AuditVerdict>>> RunAsync(Operator by, string? slug, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        Guid? tenant = null;
        if (slug is not null && (tenant = await FindAsync(slug, ct)) is null)
            return new Problem("", "tenant_unknown");
        await using var command = databases[DatabaseRole.Operator].CreateCommand(Sql);
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.CommandTimeout = 0;
        var lines = new List<(Guid Tenant, string? Slug, AuditFault Fault, string? Head)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            lines.Add(Read(reader));
        return lines.GroupBy(l => l.Tenant).Select(Judge).ToList();
    }

    private async Task<Guid?> FindAsync(string slug, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.Operator].CreateCommand("select id from ident.tenants where slug = $1");
        command.Parameters.Add(new() { Value = slug });
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    private static (Guid, string?, AuditFault, string?) Read(NpgsqlDataReader row)
    {
        var fault = new AuditFault(row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.IsDBNull(4) ? "" : row.GetString(4));
        return (row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), fault, row.IsDBNull(5) ? null : row.GetString(5));
    }

    private static AuditVerdict Judge(IGrouping<Guid, (Guid Tenant, string? Slug, AuditFault Fault, string? Head)> lines)
    {
        var head = lines.FirstOrDefault(l => l.Head is not null);
        return new(lines.Key, lines.First().Slug, head.Fault?.No ?? 0, head.Head ?? "", [.. lines.Where(l => l.Head is null).Select(l => l.Fault)]);
    }
}
