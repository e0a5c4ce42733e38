using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Portal.IntegrationTests.Isolation;

/// <summary>A tenant table as the catalogue knows it.</summary>
public sealed record TenantTable(string Name, IReadOnlyList<TenantColumn> Columns)
{
    public override string ToString() => Name;
}

public sealed record TenantColumn(string Name, string Type, bool Nullable, bool Generated, string? OneOf);

/// <summary>Reads the tenant tables from the catalogue, so that a table made tomorrow is tested without being named here.</summary>
internal static class TenantTables
{
    public static async Task<IReadOnlyList<TenantTable>> ReadAsync(NpgsqlConnection admin)
    {
        const string sql = """
            select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull, a.attidentity <> '' or a.attgenerated <> '',
                   (select (regexp_match(pg_get_constraintdef(k.oid), '''([a-z_]+)'''))[1] from pg_constraint k
                    where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) ~ 'ANY' limit 1)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            order by c.relname, a.attnum
            """;
        var tables = new Dictionary<string, List<TenantColumn>>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(sql, admin);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!tables.TryGetValue(reader.GetString(0), out var columns))
                tables[reader.GetString(0)] = columns = [];
            columns.Add(new TenantColumn(reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.IsDBNull(5) ? null : reader.GetString(5)));
        }
        return [.. tables.Select(t => new TenantTable(t.Key, t.Value))];
    }

    /// <summary>An INSERT of one plausible row of a tenant; foreign keys and other checks are for the administrator to switch off.</summary>
    public static string InsertOf(TenantTable table, Guid tenant)
    {
        var columns = table.Columns.Where(c => !c.Generated && !c.Nullable).ToList();
        var sql = new StringBuilder($"insert into app.{table.Name} ({string.Join(", ", columns.Select(c => c.Name))}) values (");
        sql.AppendJoin(", ", columns.Select(c => c.Name == "tenant_id" ? $"'{tenant}'" : Value(c)));
        return sql.Append(')').ToString();
    }

    private static string Value(TenantColumn column) => column switch
    {
        { OneOf: { } word } => $"'{word}'",
        { Name: "number" } => $"'86198{Math.Abs(Guid.NewGuid().GetHashCode()) % 100_000_000:D8}'",
        { Name: "numbers", Type: "bigint[]" } => "'{8619800000001}'",
        { Name: "base_address" } => "'http://127.0.0.1'",
        { Name: "batch_size" or "rate" or "concurrency" } => "10",
        { Name: "country" } => "'CN'",
        { Name: "month" } => "'2026-11-01'",
        _ => column.Type switch
        {
            "uuid" => $"'{Guid.NewGuid()}'",
            var t when t.EndsWith("[]", StringComparison.Ordinal) => "'{}'",
            "boolean" => "false",
            "bytea" => "'\\x01'",
            "jsonb" => "'{}'",
            "date" => "'2026-11-01'",
            var t when t.StartsWith("timestamp", StringComparison.Ordinal) => "now()",
            var t when t.StartsWith("character varying", StringComparison.Ordinal) || t == "text" => $"'{Guid.NewGuid().ToString("N")[..4]}'",
            _ => "1",
        },
    };
}
