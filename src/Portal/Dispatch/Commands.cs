using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Positional parameters in one line: the engine's SQL is written by hand.</summary>
[SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "A params list comes last.")]
internal static class Commands
{
    /// <summary>
    /// Two more columns of a query, for the rest of its transaction: statements are planned once a connection, and without reading
    /// whole tables. For what every loop asks all the time and finds by keys; planning it anew costs more than all the rest.
    /// </summary>
    public const string KeepPlans = "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    public static NpgsqlCommand Sql(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
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

    /// <summary>
    /// One statement as one tenant, in a transaction of its own and a single round trip: the tenant is set and the
    /// statement run in one batch. For what happens with every request.
    /// </summary>
    public static async Task<T?> OnceAsync<T>(this Databases databases, DatabaseRole role, TenantScope scope, CancellationToken ct, string sql, params object?[] values)
    {
        await using var batch = databases[role].CreateBatch();
        batch.BatchCommands.Add(scope.BatchCommand());
        batch.Add(sql, values);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        return await reader.ReadAsync(ct) && reader.GetValue(0) is T found ? found : default;
    }

    /// <summary>One more statement for the same round trip.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };
}
