using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.IntegrationTests;

namespace Portal.BrowserTests;

/// <summary>The real portal as a process of its own, in development settings, over a database of its own.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    private PortalProcess(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>As a browser knows it: <c>http://localhost:…</c>, since passkeys and cookies mind the name.</summary>
    public string Address { get; }

    public static async Task<PortalProcess> StartAsync(TestDatabase database)
    {
        var address = $"http://localhost:{FreePort()}";
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Dll);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(address);
        foreach (var (key, value) in Settings(database, address))
            start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The portal does not start.");
        var portal = new PortalProcess(process, address);
        process.OutputDataReceived += (_, e) => portal.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => portal.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await portal.UntilReadyAsync();
        return portal;
    }

    /// <summary>Runs an admin verb of the portal and answers what it printed.</summary>
    public static Task<string> AdminAsync(TestDatabase database, params string[] verb) => AdminAsync(database, logs: null, verb);

    /// <summary>The same with logs from a level on, which stand in the answer.</summary>
    public static async Task<string> AdminAsync(TestDatabase database, string? logs, string[] verb)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[Dll, "admin", .. verb])
            start.ArgumentList.Add(word);
        foreach (var (key, value) in Settings(database, "http://localhost:1"))
            start.Environment[key] = value;
        foreach (var category in logs is null ? [] : (string[])["Default", "Microsoft", "Hangfire", "System.Net.Http"])
            start.Environment["Logging__LogLevel__" + category] = logs;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"admin {verb[0]} failed: {await output}{await errors}");
        return logs is null ? await output : await output + await errors;
    }

    /// <summary>The last lines of its log.</summary>
    public string Tail()
    {
        lock (_tail)
            return string.Join('\n', _tail);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Built beside this test: the same configuration in the portal's own folder.</summary>
    private static string Dll
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            var (framework, configuration) = (here.Name, here.Parent!.Name);
            var root = here;
            while (!File.Exists(Path.Combine(root.FullName, "Portal.sln")))
                root = root.Parent ?? throw new InvalidOperationException("Portal.sln is not above this test.");
            return Path.Combine(root.FullName, "src", "Portal.Web", "bin", configuration, framework, "Portal.Web.dll");
        }
    }

    private static Dictionary<string, string> Settings(TestDatabase database, string address) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["Logging__LogLevel__Default"] = "Warning",
        ["ConnectionStrings__Portal"] = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString) { Username = null, Password = null }.ConnectionString,
        ["Portal__Database__RoleKey"] = database.Options.RoleKey,
        ["Portal__Database__RoleKeyFile"] = "",
        ["Portal__Vault__RootKeyFile"] = "",
        ["Portal__Vault__RootKeys"] = "1:" + Convert.ToBase64String([.. Enumerable.Range(7, 32).Select(i => (byte)i)]),
        ["Portal__PublicAddress"] = address,
        ["Portal__Dispatch__FenceDirectory"] = database.FenceDirectory,
        ["Portal__Receipts__SpoolDirectory"] = Path.Combine(database.FenceDirectory, "spool"),
        ["Portal__Mail__Host"] = "",
        ["Portal__Mail__Folder"] = Path.Combine(database.FenceDirectory, "mail"),
        ["Portal__Provider__AllowHttp"] = "true",
        ["Portal__Provider__AllowPrivateAddresses"] = "true",
        ["Portal__Provider__AllowedHosts__0"] = "*",
        ["Portal__Provider__RequestTimeoutSeconds"] = "5",
    };

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient();
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await http.GetAsync(Address + "/health/ready")).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(90))
                throw new InvalidOperationException("The portal does not get ready:\n" + Tail());
            await Task.Delay(100);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > 60)
                _tail.Dequeue();
        }
    }
}
