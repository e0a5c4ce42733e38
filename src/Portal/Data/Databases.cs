using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.Data;

/// <summary>One data source, so one pool, for each role.</summary>
public sealed class Databases(IOptions<DatabaseOptions> options) : IAsyncDisposable
{
    // Each account's loop renews its lease every second.
    private const int LeaseConnections = 4;

    private readonly ConcurrentDictionary<DatabaseRole, Lazy<NpgsqlDataSource>> _sources = new();
    private readonly Lazy<NpgsqlDataSource> _leases = new(() => Create(options.Value, DatabaseRole.Dispatch, LeaseConnections));

    public NpgsqlDataSource this[DatabaseRole role] => _sources.GetOrAdd(role, r => new(() => Create(options.Value, r))).Value;

    /// <summary>Opens a connection of a role and sets the tenant that row-level security asks for.</summary>
    public Task<NpgsqlConnection> OpenAsync(DatabaseRole role, TenantScope scope, CancellationToken ct) => OpenAsync(this[role], scope, ct);

    /// <summary>As <see cref="DatabaseRole.Dispatch"/>, for leases alone: however many wait for one of the other connections, no account's loop dies of it.</summary>
    public Task<NpgsqlConnection> OpenForLeaseAsync(TenantScope scope, CancellationToken ct) => OpenAsync(_leases.Value, scope, ct);

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, TenantScope scope, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
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
        foreach (var source in _sources.Values.Append(_leases).Where(s => s.IsValueCreated))
            await source.Value.DisposeAsync();
    }

    private static NpgsqlDataSource Create(DatabaseOptions options, DatabaseRole role, int? most = null)
    {
        if (role == DatabaseRole.Migrator)
            throw new InvalidOperationException("The migrator's role is for deploying, not for the running portal.");
        var builder = new NpgsqlDataSourceBuilder(options.For(role));
        builder.ConnectionStringBuilder.MaxPoolSize = most ?? builder.ConnectionStringBuilder.MaxPoolSize;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 3;
        // Contacts' fields are a jsonb of plain strings.
        builder.EnableDynamicJson();
        return builder.Build();
    }
}
