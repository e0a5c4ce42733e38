using Hangfire.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Portal.Data;

namespace Portal.Migrations;

/// <summary>
/// Brings a database to the schema of this program: roles, key store, migrations, Hangfire, functions, partitions and
/// rights. Needs an administrator's connection; says the same thing however often it runs.
/// </summary>
public sealed class Deployment(DatabaseOptions options, TextWriter log)
{
    private const long Lock = 0x506f7274616c;

    private static readonly DatabaseRole[] _logins =
        [DatabaseRole.Migrator, DatabaseRole.App, DatabaseRole.Dispatch, DatabaseRole.Inbox, DatabaseRole.Applier, DatabaseRole.Identity, DatabaseRole.Operator, DatabaseRole.Hangfire];

    public async Task ApplyAsync(CancellationToken ct)
    {
        await CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(options.ConnectionString).Database!, ct);
        await using var admin = new NpgsqlConnection(options.ConnectionString);
        await admin.OpenAsync(ct);
        // Two deployments at once would trip over each other's roles.
        await ExecuteAsync(admin, $"select pg_advisory_lock({Lock})", ct);
        await ExecuteAsync(admin, Scripts.Read("bootstrap"), ct);
        foreach (var role in _logins)
            await SetPasswordAsync(admin, role, ct);
        await ApplyKeyStoreAsync(admin, ct);

        await MigrateAsync(Contexts.Ident(options.For(DatabaseRole.Migrator)), ct);
        await MigrateAsync(Contexts.App(options.For(DatabaseRole.Migrator)), ct);

        await using var migrator = new NpgsqlConnection(options.For(DatabaseRole.Migrator));
        await migrator.OpenAsync(ct);
        PostgreSqlObjectsInstaller.Install(migrator, "hangfire");
        await using var transaction = await migrator.BeginTransactionAsync(ct);
        await ExecuteAsync(migrator, Scripts.Read("countries"), ct);
        await ExecuteAsync(migrator, Countries.Sql(), ct);
        foreach (var script in (string[])["functions", "rules", "partitions", "rights"])
            await ExecuteAsync(migrator, Scripts.Read(script), ct);
        await transaction.CommitAsync(ct);
        await log.WriteLineAsync("The database is up to date.");
    }

    /// <summary>The migrations this program knows, each with whether the database has it.</summary>
    public async Task ListAsync(CancellationToken ct)
    {
        foreach (DbContext db in (DbContext[])[Contexts.Ident(options.ConnectionString), Contexts.App(options.ConnectionString)])
        {
            await using (db)
            {
                var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToHashSet(StringComparer.Ordinal);
                foreach (var name in db.Database.GetMigrations())
                    await log.WriteLineAsync($"{(applied.Contains(name) ? "applied" : "pending")}  {name}");
            }
        }
    }

    /// <summary>All of <see cref="ApplyAsync"/> but passwords and Hangfire's tables, as SQL to read or to run by hand.</summary>
    public static string Script()
    {
        using var ident = Contexts.Ident();
        using var app = Contexts.App();
        static string Migrations(DbContext db) => db.GetService<IMigrator>()
            .GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
        return string.Join("\n\n", Scripts.Read("bootstrap"), "set role portal_migrator;", Migrations(ident), Migrations(app),
            Scripts.Read("countries"), Countries.Sql() + ";", Scripts.Read("functions"), Scripts.Read("rules"), Scripts.Read("partitions"), Scripts.Read("rights"));
    }

    private async Task ApplyKeyStoreAsync(NpgsqlConnection admin, CancellationToken ct)
    {
        await ExecuteAsync(admin, "do $$ begin if not exists (select from pg_roles where rolname = 'portal_keys') then create role portal_keys login; end if; end $$", ct);
        await SetPasswordAsync(admin, DatabaseRole.Keys, ct);
        await CreateDatabaseAsync(options.KeyStore, ct);
        var address = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Database = options.KeyStore, Pooling = false };
        await using var keys = new NpgsqlConnection(address.ConnectionString);
        await keys.OpenAsync(ct);
        await ExecuteAsync(keys, Scripts.Read("keystore"), ct);
        await ExecuteAsync(keys, $"revoke all on database \"{options.KeyStore}\" from public; grant connect on database \"{options.KeyStore}\" to portal_keys", ct);
    }

    private async Task CreateDatabaseAsync(string name, CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Database = "postgres", Pooling = false };
        await using var server = new NpgsqlConnection(address.ConnectionString);
        await server.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("select count(*) from pg_database where datname = $1", server) { Parameters = { new() { Value = name } } };
        if ((long)(await exists.ExecuteScalarAsync(ct))! == 0)
            await ExecuteAsync(server, $"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", ct);
    }

    private async Task SetPasswordAsync(NpgsqlConnection admin, DatabaseRole role, CancellationToken ct)
    {
        // The derived password is hexadecimal: nothing in it needs quoting.
        await ExecuteAsync(admin, $"alter role {DatabaseOptions.RoleName(role)} password '{options.PasswordOf(role)}'", ct);
    }

    private static async Task MigrateAsync(DbContext db, CancellationToken ct)
    {
        await using (db)
            await db.Database.MigrateAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
