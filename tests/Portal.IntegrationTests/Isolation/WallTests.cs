using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;

namespace Portal.IntegrationTests.Isolation;

/// <summary>
/// For every tenant table that the catalogue knows: another tenant's rows cannot be read, changed, deleted or inserted,
/// with raw SQL and with EF's filters off; and with no tenant set there is an error, not rows.
/// </summary>
public sealed class WallTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly DatabaseRole[] _tenantRoles = [DatabaseRole.App, DatabaseRole.Dispatch, DatabaseRole.Applier];
    private readonly Guid _ours = Guid.CreateVersion7();
    private readonly Guid _theirs = Guid.CreateVersion7();

    [Fact]
    public async Task Nobody_reads_changes_deletes_or_inserts_rows_of_another_tenant()
    {
        var tables = await FillAsync();
        Assert.True(tables.Count > 15, "The catalogue has fewer tenant tables than the portal needs.");
        foreach (var role in _tenantRoles)
        {
            foreach (var table in tables)
                await TryEverythingAsync(role, table);
        }
    }

    [Fact]
    public async Task Without_a_tenant_every_table_answers_with_an_error_never_with_rows()
    {
        var tables = await FillAsync();
        foreach (var role in _tenantRoles)
        {
            await using var connection = await portal.Databases[role].OpenConnectionAsync();
            foreach (var table in tables)
            {
                var e = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, $"select count(*) from app.{table.Name}"));
                Assert.Contains(e.SqlState, (string[])["28000", "42501"]);
            }
        }
    }

    [Fact]
    public async Task Ef_without_its_filters_still_sees_one_tenant()
    {
        await FillAsync();
        await using var db = new PortalDbFactory(portal.Databases).Create(new TenantScope(_ours));
        var rows = await db.Set<Contacts.Contact>().IgnoreQueryFilters(["tenant"]).ToListAsync();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.Equal(_ours, r.TenantId));
    }

    [Fact]
    public async Task A_pooled_connection_never_brings_the_last_borrowers_tenant()
    {
        await FillAsync();
        var factory = new PortalDbFactory(portal.Databases);
        for (var i = 0; i < 50; i++)
        {
            var tenant = i % 2 == 0 ? _ours : _theirs;
            await using var db = factory.Create(new TenantScope(tenant));
            Assert.All(await db.Set<Contacts.Contact>().IgnoreQueryFilters(["tenant"]).ToListAsync(), r => Assert.Equal(tenant, r.TenantId));
        }
    }

    private async Task TryEverythingAsync(DatabaseRole role, TenantTable table)
    {
        await using var connection = await portal.Databases.OpenAsync(role, new TenantScope(_ours), CancellationToken.None);
        if (await AllowedAsync(connection, table, "select"))
        {
            Assert.Equal(0L, await ScalarAsync(connection, $"select count(*) from app.{table.Name} where tenant_id = '{_theirs}'"));
            Assert.Equal(await ScalarAsync(connection, $"select count(*) from app.{table.Name} where tenant_id = '{_ours}'"), await ScalarAsync(connection, $"select count(*) from app.{table.Name}"));
        }
        Assert.Equal(0, await ChangedAsync(connection, table, "update", $"update app.{table.Name} set tenant_id = tenant_id where tenant_id = '{_theirs}'"));
        Assert.Equal(0, await ChangedAsync(connection, table, "delete", $"delete from app.{table.Name} where tenant_id = '{_theirs}'"));
        var insert = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, TenantTables.InsertOf(table, _theirs)));
        Assert.Equal("42501", insert.SqlState);
        if (await AllowedAsync(connection, table, "update"))
        {
            var moved = await Record.ExceptionAsync(() => ExecuteAsync(connection, $"update app.{table.Name} set tenant_id = '{_theirs}'"));
            Assert.Equal("42501", Assert.IsType<PostgresException>(moved).SqlState);
        }
    }

    private static async Task<int> ChangedAsync(NpgsqlConnection connection, TenantTable table, string verb, string sql)
    {
        if (await AllowedAsync(connection, table, verb))
            return await ExecuteAsync(connection, sql);
        var e = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql));
        Assert.Equal("42501", e.SqlState);
        return 0;
    }

    private static async Task<bool> AllowedAsync(NpgsqlConnection connection, TenantTable table, string verb) =>
        (bool)(await ScalarAsync(connection, $"select has_table_privilege('app.{table.Name}', '{verb}')"))!;

    /// <summary>One row of each of two tenants in every table, put there by an administrator.</summary>
    private async Task<IReadOnlyList<TenantTable>> FillAsync()
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        var tables = await TenantTables.ReadAsync(admin);
        // Foreign keys and triggers are beside the point here.
        await ExecuteAsync(admin, "set session_replication_role = replica");
        foreach (var table in tables)
        {
            await ExecuteAsync(admin, TenantTables.InsertOf(table, _ours));
            await ExecuteAsync(admin, TenantTables.InsertOf(table, _theirs));
        }
        return tables;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
