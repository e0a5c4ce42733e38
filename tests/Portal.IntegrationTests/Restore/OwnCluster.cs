using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.Data;
using Portal.Migrations;

namespace Portal.IntegrationTests.Restore;

/// <summary>
/// A PostgreSQL of the test's own, which can be stopped, copied and recovered. It archives its WAL. Run by an ordinary
/// user, since the server refuses root.
/// </summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private const string User = "postgres";
    private readonly string _folder;
    private readonly int _port = FreePort();

    private OwnCluster(string folder) => _folder = folder;

    private string Data => Path.Combine(_folder, "data");

    private string Archive => Path.Combine(_folder, "wal");

    private static string Bin => Environment.GetEnvironmentVariable("PORTAL_PG_BIN") ?? Directory.GetDirectories("/usr/lib/postgresql")
        .OrderByDescending(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)).Select(d => Path.Combine(d, "bin")).First(d => File.Exists(Path.Combine(d, "initdb")));

    public DatabaseOptions Options(string database = "portal", string keys = "portal_keys") => new()
    {
        ConnectionString = $"Host=127.0.0.1;Port={_port};Username={User};Database={database};Include Error Detail=true",
        RoleKey = TestDatabase.OptionsFor("any").RoleKey,
        KeyStoreDatabase = keys,
    };

    /// <summary>With the portal's schema in the database <c>portal</c>.</summary>
    public static async Task<OwnCluster> CreateAsync()
    {
        var cluster = new OwnCluster(Directory.CreateTempSubdirectory("portal-own-").FullName);
        await RunAsync("chmod", "777", cluster._folder);
        await AsUserAsync("mkdir", cluster.Archive);
        await AsUserAsync(Path.Combine(Bin, "initdb"), "-D", cluster.Data, "-U", User, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await cluster.SettingsAsync($"""
            port = {cluster._port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            fsync = off
            max_connections = 150
            shared_buffers = 64MB
            archive_mode = on
            archive_command = 'cp "%p" "{cluster.Archive}/%f"'
            """);
        await cluster.StartAsync();
        await new Deployment(cluster.Options(), TextWriter.Null).ApplyAsync(CancellationToken.None);
        return cluster;
    }

    public Task StartAsync() => AsUserAsync(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-s", "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "start");

    public async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await AsUserAsync(Path.Combine(Bin, "pg_ctl"), "-D", Data, "-s", "-w", "-m", "fast", "stop");
    }

    /// <summary>A copy of the data folder as it stands, of a running server.</summary>
    public Task CopyAsync(string name) => AsUserAsync(Path.Combine(Bin, "pg_basebackup"),
        "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", User, "-D", Path.Combine(_folder, name), "-X", "stream", "-c", "fast", "--no-sync");

    /// <summary>Of the stopped server: from now on the copy is its data.</summary>
    public async Task ReplaceAsync(string name)
    {
        await AsUserAsync("mv", Data, Data + ".old");
        await AsUserAsync("mv", Path.Combine(_folder, name), Data);
    }

    /// <summary>The next start recovers from the archive, up to a named point.</summary>
    public async Task RecoverToAsync(string point)
    {
        await SettingsAsync($"""
            restore_command = 'cp "{Archive}/%f" "%p"'
            recovery_target_name = '{point}'
            recovery_target_action = 'promote'
            """);
        await AsUserAsync("touch", Path.Combine(Data, "recovery.signal"));
    }

    public async Task DumpAsync(string name, string database = "portal") =>
        await AsUserAsync(Path.Combine(Bin, "pg_dump"), "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", User, "-Fc", "-f", Path.Combine(_folder, name), database);

    /// <summary>Into a database of its own, made ready as an installation would.</summary>
    public async Task RestoreDumpAsync(string name, string database)
    {
        await LoadDumpAsync(name, database);
        await new Deployment(Options(database), TextWriter.Null).ApplyAsync(CancellationToken.None);
    }

    /// <summary>Into a database of its own, as it is in the dump.</summary>
    public async Task LoadDumpAsync(string name, string database)
    {
        await SqlAsync($"create database {database}");
        await AsUserAsync(Path.Combine(Bin, "pg_restore"), "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, Path.Combine(_folder, name));
    }

    public async Task SqlAsync(string sql, string database = "portal")
    {
        await using var connection = new NpgsqlConnection(Options(database).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopAsync();
        await RunAsync("rm", "-rf", _folder);
    }

    private Task SettingsAsync(string lines) => AsUserAsync("sh", "-c", $"cat >>'{Data}/postgresql.conf' <<'END'\n{lines}\nEND");

    private static Task AsUserAsync(string program, params string[] arguments) =>
        Environment.UserName == "root" ? RunAsync("runuser", ["-u", User, "--", program, .. arguments]) : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
