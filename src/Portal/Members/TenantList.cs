using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="Members">How many people.</param>
/// <param name="Sent">Messages that the provider took, ever.</param>
/// <param name="Trial">It writes to its own numbers only.</param>
public sealed record TenantRow(
    Guid Id, string Slug, string Name, TenantState State, string? SuspendedWhy, DateTimeOffset CreatedAt, long Members, long Sent, bool Trial = false);

/// <summary>Every tenant with its totals, by name: for operators.</summary>
public sealed class TenantList(Databases databases)
{
    // Totals come from the counters of sendings; an operator's role can read nothing else of them.
    private const string Sql = """
        select t.id, t.slug, t.name, t.state, t.suspended_why, t.created_at,
               (select count(*) from ident.memberships m where m.tenant_id = t.id),
               coalesce((select sum(c.accepted) from app.sending_counts c where c.tenant_id = t.id), 0)::bigint,
               exists (select from app.trials x where x.tenant_id = t.id)
        from ident.tenants t order by lower(t.name), t.slug
        """;

    public async Task<IReadOnlyList<TenantRow>> RunAsync(Operator by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var command = databases[DatabaseRole.Operator].CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<TenantRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(await ReadAsync(reader, ct));
        return rows;
    }

    private static async Task<TenantRow> ReadAsync(NpgsqlDataReader reader, CancellationToken ct) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetString(2),
        Words.Read<TenantState>(reader.GetString(3)),
        await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4),
        await reader.GetFieldValueAsync<DateTimeOffset>(5, ct),
        reader.GetInt64(6),
        reader.GetInt64(7),
        reader.GetBoolean(8));
}
