using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Portal.IntegrationTests;
using Portal.Simulator;

namespace Portal.BrowserTests;

/// <summary>Everything real: PostgreSQL, the portal as a process, the simulator over HTTP, Chromium.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string OperatorEmail = "operator@portal.test";
    public const string Password = "correct horse battery";

    private readonly HttpClient _console = new();
    private WebApplication? _simulator;
    private PortalProcess? _portal;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public TestDatabase Database { get; private set; } = null!;

    public string Address => _portal!.Address;

    public string Provider => _simulator!.Urls.First();

    public string PortalLog => _portal!.Tail();

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await PortalProcess.AdminAsync(Database, "operator", "create", "--email", OperatorEmail, "--password", Password);
        _portal = await PortalProcess.StartAsync(Database);
        _simulator = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", $"--Receipts:PushUrl={Address}/receipts", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error"]);
        await _simulator.StartAsync();
        (_playwright, _browser) = await Chromium.StartAsync();
    }

    /// <summary>A tenant with an owner who signs in with <see cref="Password"/>.</summary>
    public Task<string> TenantAsync(string name, string slug, string email) =>
        PortalProcess.AdminAsync(Database, "tenant", "create", name, "--slug", slug, "--owner", email, "--password", Password, "--password-alone");

    /// <summary>What the person's authenticator app shows.</summary>
    public async Task<string> CodeAsync(string email) => (await PortalProcess.AdminAsync(Database, "person", "code", "--email", email)).Trim().Split(' ')[^1];

    /// <summary>The operator in a browser of their own, who sets up the second factor when there is none yet.</summary>
    public async Task<IPage> OperatorAsync()
    {
        var page = await PageAsync();
        await page.GotoAsync("/account/sign-in");
        await page.Named("Form.Email").FillAsync(OperatorEmail);
        await page.Named("Form.Password").FillAsync(Password);
        await page.Primary().ClickAsync();
        var first = page.Locator("a[href*='second-factor']").First;
        await first.Or(page.Named("Form.Code")).First.WaitForAsync();
        if (await first.IsVisibleAsync())
            await first.ClickAsync();
        await page.Named("Form.Code").FillAsync(await CodeAsync(OperatorEmail));
        await page.Primary().ClickAsync();
        var kept = page.Locator(".below a.btn.primary");
        await kept.Or(page.Locator("#frame-nav")).First.WaitForAsync();
        if (await kept.IsVisibleAsync())
            await kept.ClickAsync();
        await page.ArriveAsync("/operator/tenants$");
        return page;
    }

    /// <summary>A key pair that the provider knows.</summary>
    public async Task<(string ApiKey, string Secret)> KeyPairAsync(int delayMs = 200)
    {
        var (apikey, secret) = (Convert.ToBase64String(Guid.NewGuid().ToByteArray()), Guid.NewGuid().ToString("N"));
        var account = new { apikey, secret, kind = "both", delivery = new { delayMs, spreadMs = 500 } };
        (await _console.PutAsJsonAsync($"{Provider}/accounts", account)).EnsureSuccessStatusCode();
        return (apikey, secret);
    }

    public async Task<string> LedgerNumbersAsync(string apiKey) =>
        await _console.GetStringAsync($"{Provider}/ledger/numbers?apikey={Uri.EscapeDataString(apiKey)}");

    public async Task FaultAsync(object fault) => (await _console.PostAsJsonAsync($"{Provider}/faults", fault)).EnsureSuccessStatusCode();

    /// <summary>A browser of its own, as somebody who speaks this language.</summary>
    public async Task<IPage> PageAsync(string locale = "en-GB", int width = 1280, int height = 900, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Address,
            Locale = locale,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>Keeps a picture of a page where <c>PORTAL_TEST_PICTURES</c> names a folder.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PORTAL_TEST_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        if (_portal is not null)
            await _portal.DisposeAsync();
        await Database.DisposeAsync();
        _console.Dispose();
    }
}
