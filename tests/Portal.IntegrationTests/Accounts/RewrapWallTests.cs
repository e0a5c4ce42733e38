using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Tenants;

namespace Portal.IntegrationTests.Accounts;

/// <summary>A rewrap goes over the wrapped keys of all tenants; nothing but a rewrap does, and nothing of it stays behind.</summary>
public sealed class RewrapWallTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string On = "select set_config('app.rewrap', 'on', true)";
    private const string Nobody = "select set_config('app.tenant', '00000000-0000-0000-0000-000000000000', true)";
    private const string Keys = "select count(*) from app.tenant_keys";

    private static readonly DatabaseRole[] _running = [.. Enum.GetValues<DatabaseRole>().Except([DatabaseRole.Migrator, DatabaseRole.Keys])];

    [Fact]
    public async Task Without_the_setting_the_dispatch_role_sees_its_tenants_wrapped_keys_only()
    {
        var mine = await TwoTenantsAsync();
        await using var connection = await portal.Databases.OpenAsync(DatabaseRole.Dispatch, mine.Scope, default);

        Assert.Equal(1L, await ScalarAsync(connection, Keys));
        Assert.Equal(mine.TenantId, await ScalarAsync(connection, "select tenant_id from app.tenant_keys"));
        Assert.Equal(1, await ChangedAsync(connection, "update app.tenant_keys set root_key_id = root_key_id"));
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await ScalarAsync(connection, Nobody);
            Assert.Equal((0L, 0), ((long)(await ScalarAsync(connection, Keys))!, await ChangedAsync(connection, "update app.tenant_keys set root_key_id = root_key_id")));
        }
    }

    [Fact]
    public async Task A_tenants_connection_gains_nothing_by_the_setting()
    {
        var mine = await TwoTenantsAsync();
        await using var connection = await portal.Databases.OpenAsync(DatabaseRole.Dispatch, mine.Scope, default);
        await using var transaction = await connection.BeginTransactionAsync();
        await ScalarAsync(connection, On);

        Assert.Equal(mine.TenantId, await ScalarAsync(connection, "select tenant_id from app.tenant_keys"));
        Assert.Equal(1L, await ScalarAsync(connection, Keys));
        Assert.Equal(1, await ChangedAsync(connection, "update app.tenant_keys set root_key_id = root_key_id"));
    }

    [Fact]
    public async Task A_rewrap_changes_how_keys_are_wrapped_and_neither_whose_they_are_nor_which_there_are()
    {
        await TwoTenantsAsync();
        await using var connection = await portal.Databases[DatabaseRole.Dispatch].OpenConnectionAsync();

        Assert.True(await InRewrapAsync(connection, async () => (long)(await ScalarAsync(connection, Keys))!) >= 2);
        Assert.True(await InRewrapAsync(connection, () => ChangedAsync(connection, "update app.tenant_keys set root_key_id = root_key_id")) >= 2);
        Assert.Equal(0, await InRewrapAsync(connection, () => ChangedAsync(connection, "delete from app.tenant_keys")));
        await RefusedAsync(() => InRewrapAsync(connection, () => ChangedAsync(connection, "update app.tenant_keys set tenant_id = gen_random_uuid()")));
        await RefusedAsync(() => InRewrapAsync(connection, () => ChangedAsync(connection, "insert into app.tenant_keys (tenant_id, version, root_key_id, wrapped) values (gen_random_uuid(), 1, 1, '\\x01')")));
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("error")]
    [InlineData("left open")]
    public async Task The_setting_ends_with_its_transaction_on_the_same_pooled_connection(string end)
    {
        await TwoTenantsAsync();
        await using var one = portal.Build(services => services.AddSingleton(Microsoft.Extensions.Options.Options.Create(OneConnection())));
        var dispatch = one.GetRequiredService<Databases>()[DatabaseRole.Dispatch];
        object? backend;
        await using (var connection = await dispatch.OpenConnectionAsync())
        {
            backend = await ScalarAsync(connection, "select pg_backend_pid()");
            var transaction = await TenantKeyRows.BeginAsync(connection, default);
            Assert.True((long)(await ScalarAsync(connection, Keys))! >= 2);
            if (end == "error")
                await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(connection, "select 1/0"));
            if (end == "commit")
                await transaction.CommitAsync();
            else if (end != "left open")
                await transaction.RollbackAsync();
            if (end != "left open")
                await NothingStaysAsync(connection);
        }
        await using var next = await dispatch.OpenConnectionAsync();
        Assert.Equal(backend, await ScalarAsync(next, "select pg_backend_pid()"));
        await NothingStaysAsync(next);
    }

    [Fact]
    public async Task A_rewrap_and_a_status_leave_nothing_on_any_connection_of_the_pool()
    {
        await TwoTenantsAsync();
        await portal.Services.GetRequiredService<RewrapKeys>().RunAsync(default);
        await portal.Services.GetRequiredService<VaultStatus>().RunAsync(check: true, default);
        var open = new List<NpgsqlConnection>();
        for (var i = 0; i < 8; i++)
            open.Add(await portal.Databases[DatabaseRole.Dispatch].OpenConnectionAsync());
        foreach (var connection in open)
        {
            await NothingStaysAsync(connection);
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_other_role_of_the_portal_sees_a_wrapped_key_by_setting_it()
    {
        await TwoTenantsAsync();
        foreach (var role in _running.Except([DatabaseRole.Dispatch]))
        {
            await using var connection = await portal.Databases[role].OpenConnectionAsync();
            foreach (var sql in (string[])[Keys, "update app.tenant_keys set root_key_id = 1", "delete from app.tenant_keys"])
                await RefusedAsync(() => InRewrapAsync(connection, () => ChangedAsync(connection, sql)));
        }
    }

    [Fact]
    public async Task No_other_table_knows_the_setting()
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        Assert.Equal("app.tenant_keys:rewrap_read:r:portal_dispatch app.tenant_keys:rewrap_write:w:portal_dispatch", await ScalarAsync(admin, """
            select string_agg(p.polrelid::regclass || ':' || p.polname || ':' || p.polcmd::text || ':' || (select string_agg(r::regrole::text, ',') from unnest(p.polroles) r), ' ' order by p.polname)
            from pg_policy p where coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') like '%rewrap%'
            """));
    }

    private async Task<Member> TwoTenantsAsync()
    {
        await portal.NewTenantAsync();
        return await portal.NewTenantAsync();
    }

    private DatabaseOptions OneConnection() => new()
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(portal.Database.Options.ConnectionString) { ApplicationName = "one" }.ConnectionString,
        RoleKey = portal.Database.Options.RoleKey,
    };

    private static async Task NothingStaysAsync(NpgsqlConnection connection)
    {
        Assert.Equal("", await ScalarAsync(connection, "select coalesce(current_setting('app.rewrap', true), '')"));
        Assert.Equal("28000", (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(connection, Keys))).SqlState);
        await using var transaction = await connection.BeginTransactionAsync();
        await ScalarAsync(connection, Nobody);
        Assert.Equal(0L, await ScalarAsync(connection, Keys));
    }

    private static async Task<T> InRewrapAsync<T>(NpgsqlConnection connection, Func<Task<T>> act)
    {
        await using var transaction = await TenantKeyRows.BeginAsync(connection, default);
        return await act();
    }

    private static async Task RefusedAsync<T>(Func<Task<T>> act) => Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(act)).SqlState);

    private static async Task<int> ChangedAsync(NpgsqlConnection connection, string sql)
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
