using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>An import that waits for a person, or runs.</summary>
/// <param name="FileName">Empty for a pasted list.</param>
public sealed record OpenImport(Guid Id, string FileName, ImportState State, int Total, DateTimeOffset CreatedAt);

/// <summary>Imports that are not over, newest first: a closed browser loses none.</summary>
public sealed class OpenImports(Databases databases)
{
    public async Task<IReadOnlyList<OpenImport>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return await connection.QueryAsync(
            r => new OpenImport(r.GetGuid(0), r.GetString(1), Words.Read<ImportState>(r.GetString(2)), r.GetInt32(3), r.GetFieldValue<DateTimeOffset>(4)), """
            select id, file_name, state, total, created_at from app.imports
            where tenant_id = $1 and state in ('uploaded', 'running', 'failed') order by created_at desc limit 10
            """, [member.TenantId], ct);
    }
}
