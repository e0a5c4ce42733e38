using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Migrations;

namespace Portal.IntegrationTests.Schema;

public sealed partial class MigrationTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public void Every_change_of_the_model_has_a_migration()
    {
        using var app = Contexts.App();
        using var ident = Contexts.Ident();
        Assert.False(app.Database.HasPendingModelChanges(), "The tenants' tables changed: add a migration.");
        Assert.False(ident.Database.HasPendingModelChanges(), "Schema ident changed: add a migration.");
    }

    [Fact]
    public async Task Applying_twice_changes_nothing_and_fails_nothing()
    {
        await new Deployment(portal.Database.Options, TextWriter.Null).ApplyAsync(CancellationToken.None);
        var log = new StringWriter();
        await new Deployment(portal.Database.Options, log).ListAsync(CancellationToken.None);
        Assert.DoesNotContain("pending", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("applied", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_alone_makes_the_same_schema()
    {
        var name = "portal_script_" + Guid.NewGuid().ToString("N")[..8];
        await TestDatabase.OnServerAsync($"create database {name}");
        try
        {
            await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(TestDatabase.OptionsFor(name).ConnectionString) { Pooling = false }.ConnectionString);
            await admin.OpenAsync();
            await using (var hangfire = new NpgsqlCommand("select 1", admin))
                await hangfire.ExecuteNonQueryAsync();
            await using (var command = new NpgsqlCommand(Deployment.Script(), admin))
                await command.ExecuteNonQueryAsync();
            Assert.Equal(await ShapeAsync(await portal.Database.OpenAdminAsync()), await ShapeAsync(admin));
        }
        finally
        {
            await TestDatabase.OnServerAsync($"drop database {name} with (force)");
        }
    }

    [Theory]
    [InlineData("create table app.mine (id int)")]
    [InlineData("create table public.mine (id int)")]
    [InlineData("alter table app.contacts disable row level security")]
    [InlineData("drop policy tenant on app.contacts")]
    [InlineData("truncate app.contacts")]
    [InlineData("create schema mine")]
    [InlineData("set role portal_router")]
    [InlineData("alter role portal_app bypassrls")]
    public async Task The_portals_roles_can_create_and_alter_nothing(string sql)
    {
        foreach (var role in (DatabaseRole[])[DatabaseRole.App, DatabaseRole.Dispatch, DatabaseRole.Inbox, DatabaseRole.Applier, DatabaseRole.Identity, DatabaseRole.Operator, DatabaseRole.Hangfire])
        {
            await using var connection = await portal.Databases[role].OpenConnectionAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        }
    }

    private static async Task<string> ShapeAsync(NpgsqlConnection admin)
    {
        await using var command = new NpgsqlCommand("""
            select string_agg(x, E'\n' order by x) from (
                select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as x
                from information_schema.columns where table_schema in ('app', 'ident', 'infra')
                union all
                select schemaname || '.' || indexdef from pg_indexes where schemaname in ('app', 'ident', 'infra')
                union all
                select polrelid::regclass || ' ' || polname from pg_policy) shape
            """, admin);
        var shape = (string)(await command.ExecuteScalarAsync())!;
        // By their place, not their name: a month may begin between the making of two schemas.
        var months = Month().Matches(shape).Select(m => m.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Month().Replace(shape, m => string.Create(CultureInfo.InvariantCulture, $"_month{months.IndexOf(m.Value):00}"));
    }

    [GeneratedRegex("_20[0-9]{2}_[01][0-9](?![0-9])")]
    private static partial Regex Month();
}
