using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

/// <summary>The portal as it is deployed: its address is https, a proxy stands before it.</summary>
[Collection(WholePortal.Name)]
public sealed class BehindProxyTests : IAsyncLifetime
{
    private const string Caller = "203.0.113.9";

    private TestDatabase _database = null!;
    private WebApplication _app = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        (_app, _address) = await RunningPortal.StartAsync(_database, "--Portal:PublicAddress=https://portal.example.test", "--Portal:TrustedProxies=127.0.0.1");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_cookie_is_for_this_host_only_over_TLS_and_out_of_reach_of_scripts()
    {
        var (id, email) = await NewUserAsync();
        var browser = Through(Caller);
        var seen = new List<string>();
        async Task KeepAsync(Task<HttpResponseMessage> answer) => seen.AddRange((await answer).Headers.TryGetValues("Set-Cookie", out var lines) ? lines : []);

        await KeepAsync(browser.GetAsync("/account/sign-in"));
        await KeepAsync(browser.GetAsync("/language/en"));
        await KeepAsync(browser.SignInAsync(email, RunningPortal.Password));
        await KeepAsync(browser.PostAsync("/account/passkey/request", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/password") }));
        await browser.GetAsync("/account/second-factor");
        await KeepAsync(browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", await CodeAsync(email))));
        await KeepAsync(browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/password") }));
        await KeepAsync(browser.SignInAsync(email, RunningPortal.Password));
        await KeepAsync(browser.SubmitAsync("/account/second-step", "second-step", ("Form.Code", await NextCodeAsync(id, email))));

        Assert.Equal(
            ["__Host-portal.forgery", "__Host-portal.language", "__Host-portal.passkey", "__Host-portal.session", "__Host-portal.step"],
            seen.Select(c => c.Split('=')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(seen, cookie =>
        {
            Assert.Matches("(?i); path=/(;|$)", cookie);
            Assert.Matches("(?i); secure(;|$)", cookie);
            Assert.DoesNotMatch("(?i); domain=", cookie);
            // What only takes a cookie away has no value that a script could read.
            if (!cookie.Split(';')[0].EndsWith('='))
                Assert.Matches("(?i); httponly(;|$)", cookie);
            Assert.Matches("(?i); samesite=(lax|strict)(;|$)|=; expires=Thu, 01 Jan 1970", cookie);
            Assert.True(cookie.Split(';')[0].Length <= 4096);
        });
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).StatusCode);
    }

    [Fact]
    public async Task Only_the_last_proxy_says_where_a_caller_is()
    {
        var (id, email) = await NewUserAsync();

        await Through("198.51.100.7, " + Caller).SignInAsync(email, RunningPortal.Password);

        Assert.Equal(Caller, await _database.AdminScalarAsync<string>($"select network from ident.sessions where user_id = '{id}'"));
    }

    [Fact]
    public async Task Where_a_proxy_is_not_configured_nobody_says_where_they_are()
    {
        var (app, address) = await RunningPortal.StartAsync(_database);
        await using (app)
        {
            var (id, email) = await NewUserAsync();

            await new Browser(address) { Headers = new() { ["X-Forwarded-For"] = Caller, ["X-Real-IP"] = Caller, ["Forwarded"] = "for=" + Caller } }.SignInAsync(email, RunningPortal.Password);

            Assert.Equal("127.0.0.1", await _database.AdminScalarAsync<string>($"select network from ident.sessions where user_id = '{id}'"));
        }
    }

    [Fact]
    public async Task A_made_up_place_does_not_get_around_the_lock()
    {
        var (app, address) = await RunningPortal.StartAsync(_database);
        await using (app)
        {
            var (_, email) = await NewUserAsync();
            for (var i = 0; i < 5; i++)
                await new Browser(address) { Headers = new() { ["X-Forwarded-For"] = $"203.0.113.{i}" } }.SignInAsync(email, "not the password");

            var answer = await new Browser(address) { Headers = new() { ["X-Forwarded-For"] = Caller } }.SignInAsync(email, RunningPortal.Password);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private Browser Through(string forwardedFor) => new(_address) { Headers = new() { ["X-Forwarded-For"] = forwardedFor, ["X-Forwarded-Proto"] = "https" } };

    private async Task<(Guid Id, string Email)> NewUserAsync()
    {
        var email = $"u{Guid.NewGuid():N}@example.test";
        await using var scope = _app.Services.CreateAsyncScope();
        return ((await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, RunningPortal.Password), CancellationToken.None)).Value, email);
    }

    private async Task<string> CodeAsync(string email) =>
        (await _app.Services.GetRequiredService<FactorCode>().OfAsync(email.ToUpperInvariant(), CancellationToken.None))!;

    // The step that set the app up is used: as if half a minute had gone by.
    private async Task<string> NextCodeAsync(Guid id, string email)
    {
        await _database.AdminAsync($"update ident.second_factors set last_step = 0 where user_id = '{id}'");
        return await CodeAsync(email);
    }
}
