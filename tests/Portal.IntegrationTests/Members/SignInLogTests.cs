using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

/// <summary>Who came in, how, from where, and who did not, stands in the log; what they typed does not.</summary>
[Collection(WholePortal.Name)]
public sealed class SignInLogTests : IAsyncLifetime
{
    private readonly Lines _lines = new();
    private TestDatabase _database = null!;
    private WebApplication _app = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        (_app, _address) = await RunningPortal.StartAsync(_database, "--Logging:LogLevel:Portal.Web=Information");
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(_lines);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _lines.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Coming_in_and_going_out_is_told_with_person_way_and_place()
    {
        var (id, email) = await NewUserAsync();
        var browser = new Browser(_address);

        await browser.SignInAsync(email, RunningPortal.Password);
        await browser.SubmitAsync("/account/confirm", "confirm", ("Form.Password", RunningPortal.Password));
        var answer = await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/password") });

        Assert.Equal(
            [$"Information Signed in: user {id}, by Password, from 127.0.0.1.", $"Information User {id} showed again who they are, by Password, from 127.0.0.1.", $"Information Signed out: user {id}."],
            _lines.Of(id.ToString()));
        Assert.Equal("\"cache\"", Assert.Single(answer.Headers.GetValues("Clear-Site-Data")));
    }

    [Fact]
    public async Task Another_site_that_asks_for_a_circuit_is_told()
    {
        var (_, email) = await NewUserAsync();
        var browser = new Browser(_address) { Headers = new() { ["Origin"] = "https://evil.example.test" } };
        await browser.SignInAsync(email, RunningPortal.Password);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", [])).StatusCode);

        Assert.Equal(["Warning Refused: a circuit was asked for by another site, from 127.0.0.1."], _lines.Of("another site"));
    }

    [Fact]
    public async Task Who_is_not_let_in_is_told_without_what_was_typed()
    {
        var (_, email) = await NewUserAsync();

        await new Browser(_address).SignInAsync(email, "a wrong password typed");
        await new Browser(_address).SignInAsync(" " + email.ToUpperInvariant(), "a wrong password typed");
        await new Browser(_address).SignInAsync("my password in the wrong field\r\nInformation Signed in: root", "x");

        var told = _lines.Of("Not signed in");
        Assert.Equal(3, told.Count);
        Assert.Equal(told[0], told[1]);
        Assert.All(told, line => Assert.Matches("^Warning Not signed in: wrong password, unknown or locked, address [0-9a-f]{12}, from 127.0.0.1.$", line));
        Assert.Empty(_lines.Of("typed"));
        Assert.Empty(_lines.Of(email));
    }

    [Fact]
    public async Task A_second_step_that_is_refused_is_told()
    {
        var (id, email) = await NewUserAsync();
        var browser = new Browser(_address);
        await browser.SignInAsync(email, RunningPortal.Password);
        await browser.GetAsync("/account/second-factor");
        var code = await _app.Services.GetRequiredService<FactorCode>().OfAsync(email.ToUpperInvariant(), CancellationToken.None);
        await browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", code!));

        var other = new Browser(_address);
        await other.SignInAsync(email, RunningPortal.Password);
        await other.SubmitAsync("/account/second-step", "second-step", ("Form.Code", "abc"));

        Assert.Contains($"Warning Not signed in: the second step of user {id} was refused, from 127.0.0.1.", _lines.Of(id.ToString()));
    }

    [Fact]
    public void Logs_go_to_the_console_and_to_whoever_looks_into_the_process_and_nowhere_else() => Assert.Subset(
        new HashSet<string>(StringComparer.Ordinal) { "ConsoleLoggerProvider", "DebugLoggerProvider", "EventSourceLoggerProvider" },
        _app.Services.GetServices<ILoggerProvider>().Select(p => p.GetType().Name).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public async Task A_failure_is_told_with_its_cause()
    {
        await _database.AdminAsync("alter table ident.tries rename to elsewhere");
        await new Browser(_address).SignInAsync("somebody@example.test", "a password that is long");
        await _database.AdminAsync("alter table ident.elsewhere rename to tries");

        Assert.Contains(_lines.Of("42P01"), line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("tries", StringComparison.Ordinal));
        Assert.Empty(_lines.Of("a password that is long"));
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_theirs_is_told()
    {
        var (id, email) = await NewUserAsync();
        var slug = "t" + Guid.NewGuid().ToString("N")[..12];
        await using (var scope = _app.Services.CreateAsyncScope())
            Assert.True((await scope.ServiceProvider.GetRequiredService<CreateTenant>().RunAsync(Operator.Console, new(slug, slug, slug + "@example.test"), CancellationToken.None)).Ok);
        var browser = new Browser(_address);
        await browser.SignInAsync(email, RunningPortal.Password);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/t/{slug}/contacts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/operator/tenants")).StatusCode);

        Assert.Contains($"Warning Refused: user {id} asked for a page of a tenant (no member of it, or there is none), from 127.0.0.1.", _lines.Of(id.ToString()));
        Assert.Contains($"Warning Refused: user {id} asked for what is an operator's, from 127.0.0.1.", _lines.Of(id.ToString()));
    }

    private async Task<(Guid Id, string Email)> NewUserAsync()
    {
        var email = $"u{Guid.NewGuid():N}@example.test";
        await using var scope = _app.Services.CreateAsyncScope();
        return ((await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, RunningPortal.Password), CancellationToken.None)).Value, email);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Of(string word) => [.. _lines.Where(l => l.Contains(word, StringComparison.Ordinal))];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");

        public void Dispose()
        {
        }
    }
}
