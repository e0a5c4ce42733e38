using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.Data;

/// <summary>One data source, so one pool, for each role.</summary>
public sealed class Databases(IOptions<DatabaseOptions> options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<DatabaseRole, Lazy<NpgsqlDataSource>> _sources = new();

    public NpgsqlDataSource this[DatabaseRole role] => _sources.GetOrAdd(role, r => new(() => Create(r))).Value;

    /// <summary>Opens a connection of a role and sets the tenant that row-level security asks for.</summary>
    public async Task<NpgsqlConnection> OpenAsync(DatabaseRole role, TenantScope scope, CancellationToken ct)
    {
        var connection = await this[role].OpenConnectionAsync(ct);
        try
        {
            await using var command = scope.Command(connection);
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values.Where(s => s.IsValueCreated))
            await source.Value.DisposeAsync();
    }

    private NpgsqlDataSource Create(DatabaseRole role)
    {
        if (role == DatabaseRole.Migrator)
            throw new InvalidOperationException("The migrator's role is for deploying, not for the running portal.");
        var builder = new NpgsqlDataSourceBuilder(options.Value.For(role));
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 3;
        // Contacts' fields are a jsonb of plain strings.
        builder.EnableDynamicJson();
        return builder.Build();
    }
}
