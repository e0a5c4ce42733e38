namespace Portal.Benchmarks.Rig;

/// <summary>The portal as a process that takes receipts, applies them, or both.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Child _child;

    private Receiver(Child child, string address) => (_child, Address) = (child, address);

    public string Address { get; }

    public string Tail => _child.Tail;

    public int Errors => _child.Errors;

    public string ErrorLines => _child.ErrorLines;

    public double MemoryMb => _child.MemoryMb;

    /// <param name="roles"><c>receipts</c>, <c>worker</c> or both.</param>
    /// <param name="spool">Where it keeps receipts while the database is away.</param>
    public static Receiver Start(Scratch scratch, string roles, string? spool = null, string? address = null)
    {
        address ??= $"http://127.0.0.1:{Scratch.FreePort()}";
        var settings = scratch.Settings(requestTimeoutSeconds: 5);
        settings["Portal:Roles"] = roles;
        settings["Portal:PublicAddress"] = address;
        settings["Portal:Receipts:SpoolDirectory"] = spool ?? Path.Combine(scratch.FenceDirectory, "spool");
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        settings["Logging:LogLevel:Default"] = "Warning";
        return new Receiver(Child.Start(Scratch.Required("PORTAL_BIN_WEB"), ["--urls", address], settings), address);
    }

    /// <summary>A server that only answers OK, on an address of its own.</summary>
    public static Receiver StartOkEndpoint()
    {
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        return new Receiver(Child.Start(typeof(Receiver).Assembly.Location, ["ok-endpoint", "--urls", address], new Dictionary<string, string?>()), address);
    }

    public async Task UntilAnswersAsync(CancellationToken ct)
    {
        using var http = new HttpClient();
        await Wait.UntilAsync(async c =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address + "/health/live"), c);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, TimeSpan.FromMinutes(1), () => "It does not answer:\n" + Tail, ct);
    }

    public Task KillAsync() => _child.KillAsync();

    public Task<int> StopAsync() => _child.StopAsync(TimeSpan.FromMinutes(1));

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
