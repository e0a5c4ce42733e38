using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Portal.Data;
using Portal.Migrations;

namespace Portal.IntegrationTests;

/// <summary>
/// A migrated database of its own, copied from a template that is made once a run on the cluster of
/// <c>PORTAL_TEST_DB</c> (an administrator's connection; <c>./portal test</c> starts one).
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim _gate = new(1, 1);
    private static string? _template;

    private TestDatabase(string name) => Options = OptionsFor(name);

    public DatabaseOptions Options { get; }

    /// <summary>An administrator's connection to this database: for looking behind the portal's back.</summary>
    public string Admin => Options.ConnectionString;

    /// <summary>The store outside this database; not there before somebody writes it.</summary>
    public string FenceDirectory => Path.Combine(Path.GetTempPath(), "portal-fence", new NpgsqlConnectionStringBuilder(Options.ConnectionString).Database!);

    private static string Server => Environment.GetEnvironmentVariable("PORTAL_TEST_DB")
        ?? throw new InvalidOperationException("PORTAL_TEST_DB is not set. Run the tests with ./portal test, which starts a PostgreSQL for them.");

    public static async Task<TestDatabase> CreateAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _template ??= await CreateTemplateAsync();
            var name = "portal_" + Guid.NewGuid().ToString("N")[..12];
            await OnServerAsync($"create database {name} template {_template}");
            await OnServerAsync($"create database {name}_keys template {_template}_keys");
            // Rights of a database are not copied with it.
            await OnServerAsync($"grant connect, temporary on database {name} to portal_migrator, portal_app, portal_dispatch, portal_applier");
            return new TestDatabase(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>An empty database's options: for tests that deploy into it themselves.</summary>
    public static DatabaseOptions OptionsFor(string name) => new()
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = name, IncludeErrorDetail = true }.ConnectionString,
        RoleKey = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("portal tests"))),
    };

    public async Task<NpgsqlConnection> OpenAdminAsync()
    {
        var connection = new NpgsqlConnection(Admin);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<T> AdminScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAdminAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task AdminAsync(string sql)
    {
        await using var connection = await OpenAdminAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var name = new NpgsqlConnectionStringBuilder(Options.ConnectionString).Database!;
        NpgsqlConnection.ClearAllPools();
        await OnServerAsync($"drop database if exists {name} with (force)");
        await OnServerAsync($"drop database if exists {name}_keys with (force)");
        if (Directory.Exists(FenceDirectory))
            Directory.Delete(FenceDirectory, recursive: true);
    }

    internal static async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> CreateTemplateAsync()
    {
        var name = "portal_template_" + Guid.NewGuid().ToString("N")[..8];
        await new Deployment(OptionsFor(name), TextWriter.Null).ApplyAsync(CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        return name;
    }
}
