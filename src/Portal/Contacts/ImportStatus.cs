using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>How far an import is.</summary>
/// <param name="Stalled">It reads as running, but nobody works on it: the portal was stopped meanwhile. It can be run again.</param>
/// <param name="Updated">Contacts that were known before.</param>
/// <param name="Problems">Lines that are kept to be shown.</param>
public sealed record ImportProgress(
    Guid Id, string FileName, ImportState State, bool Stalled, Guid? ListId, string? ListName, DateTimeOffset CreatedAt,
    int Rows, int Total, int Added, int Updated, int Duplicates, int Invalid, int Problems);

/// <summary>Tells how far an import is; null when there is none (any more).</summary>
public sealed class ImportStatus(Databases databases)
{
    public async Task<ImportProgress?> RunAsync(Member member, Guid importId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var found = await connection.QueryAsync(Read, """
            select i.id, i.file_name, i.state, i.list_id, l.name, i.created_at, i.rows, i.total, i.added, i.updated, i.duplicates, i.invalid,
                   (select count(*) from app.import_problems p where p.tenant_id = i.tenant_id and p.import_id = i.id)
            from app.imports i left join app.lists l on l.tenant_id = i.tenant_id and l.id = i.list_id
            where i.tenant_id = $1 and i.id = $2
            """, [member.TenantId, importId], ct);
        if (found is not [var progress])
            return null;
        return progress.State == ImportState.Running && await IsFreeAsync(connection, importId, ct) ? progress with { Stalled = true } : progress;
    }

    private static ImportProgress Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), Words.Read<ImportState>(row.GetString(2)), false, row.IsDBNull(3) ? null : row.GetGuid(3),
        row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
        row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11), (int)row.GetInt64(12));

    private static async Task<bool> IsFreeAsync(NpgsqlConnection connection, Guid importId, CancellationToken ct)
    {
        if (!(await connection.QueryAsync(r => r.GetBoolean(0), "select " + ClaimedImport.Lock, [importId], ct))[0])
            return false;
        // The run may have ended between the two looks, and then it has let go of its own.
        var running = await connection.QueryAsync(r => 1, "select 1 from app.imports where id = $1 and state = 'running'", [importId], ct);
        await connection.QueryAsync(r => r.GetBoolean(0), "select " + ClaimedImport.Unlock, [importId], ct);
        return running.Count > 0;
    }
}
