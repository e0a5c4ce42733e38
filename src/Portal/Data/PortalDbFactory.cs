using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Portal.Data;

/// <summary>Makes a <see cref="PortalDb"/> for one tenant and one operation. Never pooled: a pooled context cannot carry a tenant.</summary>
public sealed class PortalDbFactory(Databases databases)
{
    public PortalDb Create(TenantScope scope, DatabaseRole role = DatabaseRole.App) =>
        new(Options(databases[role], scope), scope);

    internal static DbContextOptions<PortalDb> Options(NpgsqlDataSource source, TenantScope scope) =>
        new DbContextOptionsBuilder<PortalDb>()
            .UseNpgsql(source)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(new TenantOnOpen(scope))
            .Options;

    /// <summary>Overwrites the tenant at every open, also of a connection that comes from the pool.</summary>
    private sealed class TenantOnOpen(TenantScope scope) : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = scope.Command((NpgsqlConnection)connection);
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = scope.Command((NpgsqlConnection)connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
