using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using Portal.Data;
using Portal.Migrations;

namespace Portal.Benchmarks.Rig;

/// <summary>A migrated database of the run's own and the settings that the portal's programs need for it; dropped at the end.</summary>
internal sealed class Scratch : IAsyncDisposable
{
    private Scratch(DatabaseOptions options) => Options = options;

    public DatabaseOptions Options { get; }

    /// <summary>The file of root keys, of all programs of the run.</summary>
    public string RootKeyFile { get; } = Path.Combine(Directory.CreateTempSubdirectory("portal-keys-").FullName, "root.keys");

    /// <summary>The store outside the database, shared by all programs of the run.</summary>
    public string FenceDirectory { get; } = Directory.CreateTempSubdirectory("portal-fence-").FullName;

    public static async Task<Scratch> CreateAsync(CancellationToken ct)
    {
        var server = Required("PORTAL_TEST_DB");
        var options = new DatabaseOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = "portal_run_" + Guid.NewGuid().ToString("N")[..8] }.ConnectionString,
            RoleKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        };
        await new Deployment(options, TextWriter.Null).ApplyAsync(ct);
        var scratch = new Scratch(options);
        await scratch.WriteRootKeysAsync([NewRootKey(1)], ct);
        return scratch;
    }

    public static string NewRootKey(int id) => string.Create(CultureInfo.InvariantCulture, $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}");

    /// <summary>Puts another file in the place of the one that is there, whole or not at all.</summary>
    public async Task WriteRootKeysAsync(IEnumerable<string> lines, CancellationToken ct)
    {
        var draft = RootKeyFile + ".new";
        await File.WriteAllLinesAsync(draft, lines, ct);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(draft, RootKeyFile, overwrite: true);
    }

    /// <summary>Settings by configuration key, for a program in an environment of its own or for services in this one.</summary>
    public Dictionary<string, string?> Settings(int requestTimeoutSeconds)
    {
        var address = new NpgsqlConnectionStringBuilder(Options.ConnectionString);
        address.Remove("Username");
        address.Remove("Password");
        return new()
        {
            ["ConnectionStrings:Portal"] = address.ConnectionString,
            ["Portal:Database:RoleKey"] = Options.RoleKey,
            ["Portal:Vault:RootKeyFile"] = RootKeyFile,
            ["Portal:Vault:Environment"] = "run",
            ["Portal:Dispatch:FenceDirectory"] = FenceDirectory,
            ["Portal:Provider:AllowHttp"] = "true",
            ["Portal:Provider:AllowedHosts:0"] = "*",
            ["Portal:Provider:AllowPrivateAddresses"] = "true",
            ["Portal:Provider:RequestTimeoutSeconds"] = requestTimeoutSeconds.ToString(CultureInfo.InvariantCulture),
        };
    }

    public static string Required(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new OptionException($"{variable} is not set: start this through ./portal chaos.");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        var address = new NpgsqlConnectionStringBuilder(Options.ConnectionString);
        var name = address.Database;
        address.Database = "postgres";
        await using var server = new NpgsqlConnection(address.ConnectionString);
        await server.OpenAsync();
        foreach (var database in (string[])[name!, Options.KeyStore])
        {
            await using var drop = new NpgsqlCommand($"drop database if exists \"{database}\" with (force)", server);
            await drop.ExecuteNonQueryAsync();
        }
        Directory.Delete(FenceDirectory, recursive: true);
        Directory.Delete(Path.GetDirectoryName(RootKeyFile)!, recursive: true);
    }
}
