using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Portal.Dispatch;

/// <summary>Positional parameters in one line: the engine's SQL is written by hand.</summary>
[SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "A params list comes last.")]
internal static class Commands
{
    public static NpgsqlCommand Sql(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    public static async Task<int> RunAsync(this NpgsqlConnection connection, CancellationToken ct, string sql, params object?[] values)
    {
        await using var command = connection.Sql(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, CancellationToken ct, string sql, params object?[] values)
    {
        await using var command = connection.Sql(sql, values);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }
}
