using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

/// <summary>The real portal on a port of its own, over a database of its own.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private WebApplication? _app;

    public TestDatabase Database { get; private set; } = null!;

    public MailCatcher Mail { get; } = new();

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        (_app, Address) = await StartAsync(Database, "--Portal:Mail:Host=127.0.0.1", $"--Portal:Mail:Port={Mail.Port}", "--Portal:Mail:Security=None", "--Portal:Mail:From=Portal <portal@example.test>");
    }

    public async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        await Mail.DisposeAsync();
        await Database.DisposeAsync();
    }

    public static string[] Settings(TestDatabase database, params string[] more) => Settings(database.Options, database.FenceDirectory, more);

    private static string[] Settings(DatabaseOptions database, string fenceDirectory, string[] more) =>
    [
        "--urls=http://127.0.0.1:0",
        "--environment=Production",
        "--Logging:LogLevel:Default=Error",
        "--ConnectionStrings:Portal=" + database.ConnectionString,
        "--Portal:Database:RoleKey=" + database.RoleKey,
        // What the environment of the one who runs the tests says of files must not count.
        "--Portal:Database:RoleKeyFile=",
        "--Portal:Vault:RootKeyFile=",
        "--Portal:Mail:Host=",
        "--Portal:Vault:RootKeys=1:" + Convert.ToBase64String([.. Enumerable.Range(7, 32).Select(i => (byte)i)]),
        "--Portal:PublicAddress=http://localhost:5080",
        "--Portal:Dispatch:FenceDirectory=" + fenceDirectory,
        "--Portal:Receipts:SpoolDirectory=" + Path.Combine(fenceDirectory, "spool"),
        .. more,
    ];

    public static Task<(WebApplication App, Uri Address)> StartAsync(TestDatabase database, params string[] more) =>
        StartAsync(database.Options, database.FenceDirectory, more);

    internal static async Task<(WebApplication App, Uri Address)> StartAsync(DatabaseOptions database, string fenceDirectory, params string[] more)
    {
        var app = Web.Program.Create(Settings(database, fenceDirectory, more));
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return (app, new(addresses.Addresses.First()));
    }

    /// <summary>A browser that follows no redirect, so that a test sees each answer.</summary>
    public Browser NewBrowser() => new(Address);

    /// <summary>A person with <see cref="Password"/>.</summary>
    public async Task<(Guid Id, string Email)> NewUserAsync(bool isOperator = false)
    {
        var email = $"u{Guid.NewGuid():N}@example.test";
        await using var scope = Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, Password, IsOperator: isOperator), CancellationToken.None);
        return (result.Value, email);
    }

    /// <summary>What the person's authenticator app shows, confirmed or about to be.</summary>
    public async Task<string> CodeAsync(string email) =>
        await Services.GetRequiredService<FactorCode>().OfAsync(email.ToUpperInvariant(), CancellationToken.None) ?? throw new InvalidOperationException("No app.");

    /// <summary>Sets up an authenticator app for the person who is signed in.</summary>
    public async Task EnrolAsync(Browser browser, string email)
    {
        await browser.GetAsync("/account/second-factor");
        await browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", await CodeAsync(email)));
    }

    /// <summary>An operator with a second factor.</summary>
    public async Task<Browser> OperatorAsync()
    {
        var (_, email) = await NewUserAsync(isOperator: true);
        var browser = await SignedInAsync(email);
        await EnrolAsync(browser, email);
        return browser;
    }

    public async Task<Browser> SignedInAsync(string email)
    {
        var browser = NewBrowser();
        var answer = await browser.SignInAsync(email, Password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }
}

/// <summary>Cookies, forms and nothing more.</summary>
public sealed partial class Browser(Uri address)
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>What the browser would send: may be copied to another one.</summary>
    public Dictionary<string, string> Cookies { get; init; } = [];

    public string Language { get; init; } = "en";

    public string UserAgent { get; init; } = "";

    /// <summary>What a proxy, or a caller who says that they are one, adds to each request.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public async Task<HttpResponseMessage> SignInAsync(string email, string password, string path = "/account/sign-in")
    {
        var token = await TokenAsync(path);
        return await PostAsync(path, new()
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = token,
            ["Form.Email"] = email,
            ["Form.Password"] = password,
        });
    }

    /// <summary>Fills in the form of a static page and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string handler, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
        form["_handler"] = handler;
        form["__RequestVerificationToken"] = await TokenAsync(path);
        return await PostAsync(path, form);
    }

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form) =>
        SendAsync(new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });

    public async Task<string> TokenAsync(string path)
    {
        var html = await (await GetAsync(path)).Content.ReadAsStringAsync();
        return TokenField().Match(html).Value;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", Language);
        foreach (var (name, value) in Headers)
            request.Headers.Add(name, value);
        if (UserAgent.Length > 0)
            request.Headers.Add("User-Agent", UserAgent);
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        var answer = await _http.SendAsync(request);
        foreach (var line in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
            Keep(line);
        return answer;
    }

    private void Keep(string line)
    {
        var pair = line.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0)
            Cookies.Remove(pair[0]);
        else
            Cookies[pair[0]] = pair[1];
    }

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\" value=\")[^\"]+", RegexOptions.None, 1000)]
    private static partial Regex TokenField();

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\" value=\")[^\"]+|<!--[^>]*-->", RegexOptions.None, 1000)]
    internal static partial Regex Varying();
}
