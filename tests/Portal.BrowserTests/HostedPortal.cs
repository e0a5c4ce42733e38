using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Portal.IntegrationTests;
using Portal.IntegrationTests.Members;
using Portal.Members;
using Portal.Simulator;
using Portal.Tenants;

namespace Portal.BrowserTests;

/// <summary>The real portal within the test's own process, as in production, so that a test can listen to all that it says of itself.</summary>
public sealed class HostedPortal : IAsyncLifetime
{
    public const string Password = RunningPortal.Password;

    private readonly HttpClient _console = new();
    private WebApplication? _app;
    private WebApplication? _simulator;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public TestDatabase Database { get; private set; } = null!;

    public MailCatcher Mail { get; } = new();

    /// <summary>All that it said: logs, traces, metrics.</summary>
    public Listener Heard { get; } = new();

    public Uri Address { get; private set; } = null!;

    public string Provider => _simulator!.Urls.First();

    public IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        // What the making of a database said is not the portal's.
        Heard.Clear();
        var port = PortalProcess.FreePort();
        // Time-outs of seconds: the first call of a process that has just started may take that long beside other tests.
        (_app, Address) = await RunningPortal.StartAsync(Database,
            $"--urls=http://127.0.0.1:{port}", $"--Portal:PublicAddress=http://127.0.0.1:{port}",
            "--Portal:Mail:Host=127.0.0.1", $"--Portal:Mail:Port={Mail.Port}", "--Portal:Mail:Security=None", "--Portal:Mail:From=Portal <portal@example.test>",
            "--Portal:Provider:AllowHttp=true", "--Portal:Provider:AllowPrivateAddresses=true", "--Portal:Provider:AllowedHosts:0=*", "--Portal:Provider:RequestTimeoutSeconds=6",
            "--Portal:Metrics:Networks=127.0.0.0/8",
            // The admin verbs run as in development.
            "--Portal:Vault:Environment=development",
            // As talkative as can be, to the listener only.
            "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Trace", "--Logging:LogLevel:Hangfire=Trace",
            "--Logging:LogLevel:System.Net.Http=Trace", "--Logging:Console:LogLevel:Default=None", "--Logging:Console:LogLevel:Microsoft=None", "--Logging:Debug:LogLevel:Default=None");
        Services.GetRequiredService<ILoggerFactory>().AddProvider(Heard);
        _simulator = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", $"--Receipts:PushUrl={Address}receipts", "--Logging:LogLevel:Default=None"]);
        await _simulator.StartAsync();
        (_playwright, _browser) = await Chromium.StartAsync();
    }

    /// <summary>A tenant with an owner who signs in with <see cref="Password"/>.</summary>
    public async Task<Member> TenantAsync(string name, string slug, string email)
    {
        await using var scope = Services.CreateAsyncScope();
        var created = (await scope.ServiceProvider.GetRequiredService<CreateTenant>().RunAsync(Operator.Console, new(name, slug, email, OwnerPassword: Password, Trial: false), default)).Value;
        await Database.AdminAsync($"update app.tenant_settings set undo_seconds = 1 where tenant_id = '{created.Id}'");
        var owner = await Database.AdminScalarAsync<Guid>($"select user_id from ident.memberships where tenant_id = '{created.Id}'");
        return new(created.Id, owner, "Owner", MemberRole.Owner) { Confirmed = true };
    }

    /// <summary>Makes a key pair known to the provider.</summary>
    public async Task KnowAsync(string apikey, string secret, string whitelist = "", int delayMs = 200) =>
        (await _console.PutAsJsonAsync($"{Provider}/accounts", new { apikey, secret, whitelist, kind = "both", delivery = new { delayMs, spreadMs = 200 } })).EnsureSuccessStatusCode();

    public async Task FaultAsync(object fault) => (await _console.PostAsJsonAsync($"{Provider}/faults", fault)).EnsureSuccessStatusCode();

    public async Task<HttpResponseMessage> PushAsync(string path, HttpContent body) => await _console.PostAsync(new Uri(Address, path), body);

    public async Task<string> MetricsAsync() => await _console.GetStringAsync(new Uri(Address, "/metrics"));

    public async Task<IPage> PageAsync(string locale = "en-GB", int width = 1280, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new() { BaseURL = Address.ToString(), Locale = locale, ViewportSize = new() { Width = width, Height = height }, Permissions = ["clipboard-read", "clipboard-write"] });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>As <see cref="Steps.ArriveAsync"/>. If it fails, it says which events the circuits were told of: a field whose change never arrived is not in them.</summary>
    public async Task ArriveAsync(IPage page, string address)
    {
        try
        {
            await page.ArriveAsync(address);
        }
        catch (PlaywrightException e)
        {
            throw new InvalidOperationException(e.Message + "\n" + string.Join('\n', Heard.Lines.Where(l => l.Contains("Microsoft.AspNetCore.Components", StringComparison.Ordinal)).TakeLast(400)), e);
        }
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public async Task<TResult> UseAsync<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        await Mail.DisposeAsync();
        await Database.DisposeAsync();
        _console.Dispose();
        Heard.Dispose();
    }
}

/// <summary>Tests that host the portal in their own process run one after the other: Hangfire keeps its log in a static field.</summary>
[CollectionDefinition(Name)]
public sealed class Hosted : ICollectionFixture<HostedPortal>
{
    public const string Name = "the portal in this process";
}
