using Npgsql;
using Portal.Data;

namespace Portal.Contacts;

/// <summary>Short forms for SQL that is written by hand: parameters are $1, $2 … in order.</summary>
internal static class QueryRows
{
    /// <summary>
    /// For queries over many rows. A plan that was kept from a time when the tables were empty would take minutes after
    /// the first large import: these are planned for each run.
    /// </summary>
    public static async Task<NpgsqlConnection> OpenToReadAsync(this Databases databases, TenantScope scope, CancellationToken ct)
    {
        var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
        await connection.ExecuteAsync("select set_config('plan_cache_mode', 'force_custom_plan', false)", [], ct);
        return connection;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, string sql, object?[] values, CancellationToken ct)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }
}
