using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Portal.Data;
using Portal.Members;
using Portal.Tenants;
using Portal.Web.Hosting;

namespace Portal.IntegrationTests.Members;

/// <summary>Sign-in with a provider of OpenID Connect, over real HTTP to a provider that the test runs.</summary>
[Collection(WholePortal.Name)]
public sealed class OpenIdTests(RunningPortal other) : IClassFixture<RunningPortal>, IAsyncLifetime
{
    private readonly string _subject = Guid.NewGuid().ToString("N");
    private OpenIdProvider _provider = null!;
    private WebApplication _app = null!;
    private Uri _address = null!;

    private TestDatabase Database => other.Database;

    public async Task InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync();
        (_app, _address) = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_button_and_no_way()
    {
        Assert.DoesNotContain("/account/openid", await ReadAsync(other.NewBrowser(), "/account/sign-in"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await other.SignedInAsync((await other.NewUserAsync()).Email)).GetAsync("/account/openid/start")).StatusCode);
    }

    [Fact]
    public async Task A_person_links_their_account_with_their_password_and_signs_in_with_it_from_then_on()
    {
        var (id, email) = await other.NewUserAsync();
        Is(email);
        var browser = NewBrowser();
        Assert.Contains("Sign in with Company Login", await ReadAsync(browser, "/account/sign-in"), StringComparison.Ordinal);

        Assert.Equal("/account/openid", await ArriveAsync(browser));
        Assert.Contains("There is a sign-in here", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account/password")).StatusCode);
        var signedIn = await browser.SignInAsync(email, RunningPortal.Password, "/account/sign-in?returnUrl=%2Faccount%2Fopenid");
        Assert.EndsWith("/account/openid", signedIn.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(0L, await LinksAsync(id));
        Assert.EndsWith("/account/security", (await browser.SubmitAsync("/account/openid", "openid-link")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(1L, await LinksAsync(id));
        Assert.Contains("was added, renewed or removed", (await other.Mail.WaitAsync(email)).TextBody!, StringComparison.Ordinal);

        var again = NewBrowser();
        Assert.Equal("/account/password", await ArriveAsync(again, "/account/password"));
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/account/password")).StatusCode);
        Assert.Equal("S256", _provider.Asked["code_challenge_method"]);
        Assert.Equal("code", _provider.Asked["response_type"]);
        Assert.Equal("http://localhost:5080/account/openid/answer", _provider.Asked["redirect_uri"]);
        Assert.Equal(["email", "openid", "profile"], _provider.Asked["scope"]!.Split(' ').Order(StringComparer.Ordinal));
        // One of ours, kept by the server as every other one: ended there, it is worth nothing.
        await Database.AdminAsync($"delete from ident.sessions where user_id = '{id}'");
        Assert.Equal(HttpStatusCode.Redirect, (await again.GetAsync("/account/password")).StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_account_with_the_same_address_is_not_linked_silently()
    {
        var (id, email) = await other.NewUserAsync();
        Is(email);
        var thief = NewBrowser();

        Assert.Equal("/account/openid", await ArriveAsync(thief));
        await thief.SubmitAsync("/account/openid", "openid-link");

        Assert.Equal(0L, await LinksAsync(id));
        Assert.DoesNotContain("portal.session", thief.Cookies.Keys);
        Assert.Equal("/account/openid", await ArriveAsync(thief));
    }

    [Theory]
    [InlineData("unverified")]
    [InlineData("no word of it")]
    [InlineData("no address")]
    public async Task An_address_that_the_provider_does_not_vouch_for_finds_nobody(string what)
    {
        var (id, email) = await other.NewUserAsync();
        Is(email);
        if (what == "unverified")
            _provider.Person["email_verified"] = false;
        else
            _provider.Person.Remove(what == "no address" ? "email" : "email_verified");
        var browser = NewBrowser();

        Assert.Equal("/account/openid", await ArriveAsync(browser));
        Assert.Contains("does not vouch", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        await browser.SignInAsync(email, RunningPortal.Password);
        Assert.DoesNotContain("openid-link", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(0L, await LinksAsync(id));
    }

    [Fact]
    public async Task An_account_with_another_address_than_the_person_who_is_signed_in_is_not_linked()
    {
        var ((id, email), (_, elses)) = (await other.NewUserAsync(), await other.NewUserAsync());
        Is(elses);
        var browser = NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);

        Assert.Equal("/account/openid", await ArriveAsync(browser, "/account/security"));
        Assert.Contains("another e-mail address", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        await browser.SubmitAsync("/account/openid", "openid-link");

        Assert.Equal(0L, await LinksAsync(id));
    }

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    private static Dictionary<string, Action<SecurityTokenDescriptor>> Wrong { get; } = new(StringComparer.Ordinal)
    {
        ["another nonce"] = t => t.Claims["nonce"] = "somebody-elses-nonce",
        ["no nonce"] = t => t.Claims.Remove("nonce"),
        ["another issuer"] = t => t.Issuer = "https://evil.example.test",
        ["another audience"] = t => t.Audience = "another-client",
        ["expired"] = t => (t.NotBefore, t.IssuedAt, t.Expires) = (t.NotBefore!.Value.AddHours(-2), t.IssuedAt!.Value.AddHours(-2), t.NotBefore!.Value.AddHours(-1)),
        ["another key"] = t => t.SigningCredentials = new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        ["no signature"] = t => t.SigningCredentials = null,
        ["the secret as key"] = t => t.SigningCredentials = new(new SymmetricSecurityKey(System.Text.Encoding.ASCII.GetBytes(OpenIdProvider.Secret)), SecurityAlgorithms.HmacSha256),
        ["no subject"] = t => t.Claims.Remove("sub"),
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task A_token_that_is_not_right_signs_nobody_in(string wrong)
    {
        var (id, email) = await LinkedAsync();
        _provider.Change = Wrong[wrong];
        var browser = NewBrowser();

        Assert.Equal("/account/sign-in?done=openid-failed", await ArriveAsync(browser));

        Assert.Contains("did not sign you in", await ReadAsync(browser, "/account/sign-in?done=openid-failed"), StringComparison.Ordinal);
        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        Assert.DoesNotContain("portal.openid", browser.Cookies.Keys);
        // Right again, the same account signs in.
        _provider.Change = _ => { };
        Assert.Equal("/account/password", await ArriveAsync(NewBrowser(), "/account/password"));
        Assert.Equal((1L, email), (await LinksAsync(id), await Database.AdminScalarAsync<string>($"select email from ident.users where id = '{id}'")));
    }

    [Fact]
    public async Task An_answer_for_another_browser_or_a_second_time_signs_nobody_in()
    {
        await LinkedAsync();
        var mine = NewBrowser();
        var answer = _provider.Authorize((await mine.GetAsync("/account/openid/start")).Headers.Location!);

        var stranger = NewBrowser();
        Assert.EndsWith("done=openid-failed", (await stranger.GetAsync(answer)).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("portal.openid", stranger.Cookies.Keys);
        Assert.EndsWith("/account/openid/done?returnUrl=%2F", (await mine.GetAsync(answer)).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.EndsWith("done=openid-failed", (await mine.GetAsync(answer)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_subject_at_another_provider_is_somebody_else()
    {
        await LinkedAsync();
        await using var second = await OpenIdProvider.StartAsync();
        second.Person = new(_provider.Person);
        var (app, address) = await StartAsync(second);
        await using (app)
        {
            var browser = new Browser(address);

            Assert.Equal("/account/openid", await ArriveAsync(browser, "/", second));
            Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        }
    }

    [Fact]
    public async Task A_provider_that_calls_itself_another_one_signs_nobody_in()
    {
        await LinkedAsync();
        await using var evil = await OpenIdProvider.StartAsync(_provider.Address.GetLeftPart(UriPartial.Authority));
        evil.Person = new(_provider.Person);
        var (app, address) = await StartAsync(evil);
        await using (app)
        {
            var browser = new Browser(address);

            Assert.Equal("/account/sign-in?done=openid-failed", await ArriveAsync(browser, "/", evil));
            Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_keeps_nobody_from_signing_in_with_a_password()
    {
        var gone = await OpenIdProvider.StartAsync();
        var (app, address) = await StartAsync(gone);
        await gone.DisposeAsync();
        await using (app)
        {
            var (_, email) = await other.NewUserAsync();

            Assert.EndsWith("/account/sign-in?done=openid-failed", (await new Browser(address).GetAsync("/account/openid/start")).Headers.Location!.OriginalString, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Redirect, (await new Browser(address).SignInAsync(email, RunningPortal.Password)).StatusCode);
        }
    }

    [Fact]
    public async Task Whoever_has_a_second_factor_is_asked_for_it_also_when_the_provider_says_that_it_asked()
    {
        var (_, email) = await LinkedAsync();
        await other.EnrolAsync(await other.SignedInAsync(email), email);
        _provider.Person["amr"] = (string[])["pwd", "mfa"];
        var browser = NewBrowser();

        Assert.Equal("/account/second-step?returnUrl=%2Faccount%2Fpassword", await ArriveAsync(browser, "/account/password"));

        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        await Database.AdminAsync("update ident.second_factors set last_step = 0");
        await browser.SubmitAsync("/account/second-step", "second-step", ("Form.Code", await other.CodeAsync(email)));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).StatusCode);
    }

    [Fact]
    public async Task An_operator_without_a_second_factor_here_gets_no_operators_page()
    {
        var (id, _) = await LinkedAsync();
        await Database.AdminAsync($"update ident.users set is_operator = true where id = '{id}'");
        _provider.Person["amr"] = (string[])["mfa"];
        var browser = NewBrowser();
        await ArriveAsync(browser, "/operator/tenants");

        Assert.EndsWith("/account/security?why=operator", (await browser.GetAsync("/operator/tenants")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_security_page_it_is_linked_and_unlinked_after_showing_who_one_is()
    {
        var team = await new TeamRig(other).BeginAsync();
        var email = team.Tenant.OwnerEmail;
        var id = await Database.AdminScalarAsync<Guid>($"select id from ident.users where email = '{email}'");
        Is(email);
        var browser = NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        Assert.Contains("Link an account of Company Login", await ReadAsync(browser, "/account/security"), StringComparison.Ordinal);
        Assert.Equal("/account/openid", await ArriveAsync(browser, "/account/security"));

        await Database.AdminAsync($"update ident.sessions set confirmed_at = now() - interval '6 minutes' where user_id = '{id}'");
        Assert.Contains("/account/confirm?returnUrl=%2Faccount%2Fopenid", (await browser.GetAsync("/account/openid")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        await browser.SubmitAsync("/account/confirm?returnUrl=%2Faccount%2Fopenid", "confirm", ("Form.Password", RunningPortal.Password));
        await browser.SubmitAsync("/account/openid", "openid-link");
        Assert.Equal(1L, await LinksAsync(id));
        Assert.Equal(email, await team.AuditAsync("openid_linked"));

        var page = await ReadAsync(browser, "/account/security");
        var handler = System.Text.RegularExpressions.Regex.Match(page, "openid-[0-9a-f]{16}").Value;
        var token = await browser.TokenAsync("/account/security");
        await Database.AdminAsync($"update ident.sessions set confirmed_at = now() - interval '6 minutes' where user_id = '{id}'");
        await browser.PostAsync("/account/security", new() { ["_handler"] = handler, ["__RequestVerificationToken"] = token });
        Assert.Equal(1L, await LinksAsync(id));
        await Database.AdminAsync($"update ident.sessions set confirmed_at = now() where user_id = '{id}'");
        await browser.SubmitAsync("/account/security", handler);
        Assert.Equal(0L, await LinksAsync(id));
        Assert.Equal(email, await team.AuditAsync("openid_unlinked"));
        Assert.Equal("/account/openid", await ArriveAsync(NewBrowser()));
    }

    [Fact]
    public async Task An_account_is_linked_to_one_person_only()
    {
        var (id, email) = await LinkedAsync();
        await using var scope = _app.Services.CreateAsyncScope();
        var logins = scope.ServiceProvider.GetRequiredService<OpenIdLogins>();
        var account = new OpenIdAccount(_provider.Address.GetLeftPart(UriPartial.Authority), _subject, email, "");

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => logins.LinkAsync(id, account, Origin.Console, CancellationToken.None)));

        Assert.All(results, r => Assert.Equal("openid_taken", r.Problems[0].Code));
        Assert.Equal(1L, await LinksAsync(id));
    }

    [Fact]
    public async Task An_invited_person_joins_with_the_address_that_the_provider_vouches_for_and_nobody_else_comes_in()
    {
        var team = await new TeamRig(other).BeginAsync();
        var email = $"i{Guid.NewGuid():N}@example.test";
        Is(email);
        var browser = NewBrowser();
        Assert.Equal("/account/openid", await ArriveAsync(browser));
        Assert.Contains("Nobody has invited", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(0L, await Database.AdminScalarAsync<long>($"select count(*) from ident.users where email = '{email}'"));

        Assert.True((await team.InviteAsync(team.Owner, email)).Ok);
        var page = await ReadAsync(browser, "/account/openid");
        var handler = System.Text.RegularExpressions.Regex.Match(page, "openid-join-[0-9a-f]{32}").Value;
        Assert.Contains("value=\"Ann Example\"", page, StringComparison.Ordinal);
        var answer = await browser.SubmitAsync("/account/openid", handler, ("Form.Name", "Ann"));

        Assert.EndsWith($"/t/{team.Tenant.Slug}", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("Ann|sender", await team.AuditAsync("member_joined"));
        Assert.Equal("/t/" + team.Tenant.Slug, await ArriveAsync(NewBrowser(), "/t/" + team.Tenant.Slug));
        // Nobody has chosen a password yet, so none signs in.
        Assert.Equal(HttpStatusCode.OK, (await NewBrowser().SignInAsync(email, RunningPortal.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await NewBrowser().SignInAsync(email, "")).StatusCode);
    }

    [Fact]
    public async Task An_unvouched_address_takes_up_no_invitation()
    {
        var team = await new TeamRig(other).BeginAsync();
        var email = $"i{Guid.NewGuid():N}@example.test";
        Assert.True((await team.InviteAsync(team.Owner, email)).Ok);
        Is(email);
        _provider.Person["email_verified"] = false;
        var browser = NewBrowser();

        await ArriveAsync(browser);

        Assert.DoesNotContain("openid-join", await ReadAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(0L, await Database.AdminScalarAsync<long>($"select count(*) from ident.users where email = '{email}'"));
    }

    [Fact]
    public async Task A_suspended_tenant_stays_closed()
    {
        var team = await new TeamRig(other).BeginAsync();
        await LinkAsync(team.Tenant.OwnerEmail);
        Assert.True((await _app.Services.GetRequiredService<SuspendTenant>().RunAsync(Operator.Console, team.Tenant.Id, "The invoice of May is open.", CancellationToken.None)).Ok);
        var browser = NewBrowser();
        await ArriveAsync(browser);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/t/{team.Tenant.Slug}/contacts")).StatusCode);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_sites_link_begins_nothing(string site)
    {
        var answer = await new Browser(_address) { Headers = new() { ["Sec-Fetch-Site"] = site } }.GetAsync("/account/openid/start");

        Assert.Equal("/account/sign-in", answer.Headers.Location!.OriginalString);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("//evil.test")]
    [InlineData("https://evil.test")]
    public async Task It_never_leads_to_another_site(string back)
    {
        await LinkedAsync();

        Assert.Equal("/", await ArriveAsync(NewBrowser(), back));
    }

    [Fact]
    public async Task Its_cookies_are_for_this_host_only_over_TLS_and_out_of_reach_of_scripts()
    {
        Is((await other.NewUserAsync()).Email);
        var (app, address) = await RunningPortal.StartAsync(
            Database, [.. Settings(_provider), "--Portal:Roles=web", "--Portal:PublicAddress=https://portal.example.test", "--Portal:TrustedProxies=127.0.0.1"]);
        await using (app)
        {
            var browser = new Browser(address) { Headers = new() { ["X-Forwarded-For"] = "203.0.113.9", ["X-Forwarded-Proto"] = "https" } };
            var start = await browser.GetAsync("/account/openid/start");
            var answer = await browser.GetAsync(_provider.Authorize(start.Headers.Location!));

            Assert.Equal("https://portal.example.test/account/openid/answer", _provider.Asked["redirect_uri"]);
            string[] cookies = [.. start.Headers.GetValues("Set-Cookie"), .. answer.Headers.GetValues("Set-Cookie")];
            Assert.Equal(
                ["__Host-portal.openid", "__Host-portal.openid-nonce", "__Host-portal.openid-state"],
                cookies.Select(c => string.Join('.', c.Split('=')[0].Split('.').Take(2))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            Assert.All(cookies, cookie =>
            {
                foreach (var part in (string[])["path=/", "secure", "httponly", "samesite=lax"])
                    Assert.Matches($"(?i); {part}(;|$)", cookie);
                Assert.True(cookie.Split(';')[0].Length <= 4096);
            });
        }
    }

    [Fact]
    public async Task Its_secret_and_its_tokens_are_on_no_page_and_in_no_address()
    {
        var (id, email) = await other.NewUserAsync();
        Is(email);
        var browser = NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        var start = (await browser.GetAsync("/account/openid/start")).Headers.Location!.ToString();
        Assert.Equal("/account/openid", await ArriveAsync(browser));
        string[] said = [start, await ReadAsync(browser, "/account/openid"), await ReadAsync(browser, "/account/security"), .. browser.Cookies.Values];
        await browser.SubmitAsync("/account/openid", "openid-link");

        var kept = await Database.AdminScalarAsync<string>($"select string_agg(encode(ticket, 'escape'), ' ') || (select string_agg(l::text, ' ') from ident.user_logins l where l.user_id = '{id}') from ident.sessions where user_id = '{id}'");
        Assert.All([.. said, kept], text =>
        {
            Assert.DoesNotContain(OpenIdProvider.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(OpenIdProvider.AccessToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(_provider.LastToken, text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("--Portal:OpenIdConnect:Authority=http://login.example.test", "Authority")]
    [InlineData("--Portal:OpenIdConnect:Authority=login", "Authority")]
    [InlineData("--Portal:OpenIdConnect:ClientId=", "ClientId")]
    [InlineData("--Portal:OpenIdConnect:ClientSecret=", "ClientSecretFile")]
    [InlineData("--Portal:OpenIdConnect:ClientSecretFile=/not/there", "ClientSecretFile")]
    public void What_is_wrong_with_its_settings_is_said_at_the_start(string setting, string key)
    {
        var refusal = Assert.Throws<SettingsException>(() => Web.Program.Create(RunningPortal.Settings(Database, [.. Settings(_provider), setting])));

        Assert.Contains("Portal:OpenIdConnect:" + key, Assert.Single(refusal.Mistakes), StringComparison.Ordinal);
    }

    private static string[] Settings(OpenIdProvider provider) =>
    [
        "--Portal:OpenIdConnect:Authority=" + provider.Address.GetLeftPart(UriPartial.Authority),
        "--Portal:OpenIdConnect:ClientId=" + OpenIdProvider.ClientId,
        "--Portal:OpenIdConnect:ClientSecret=" + OpenIdProvider.Secret,
        "--Portal:OpenIdConnect:Name=Company Login",
    ];

    // Letters are the other portal's to send: two workers on one database share them, and only that one has the catcher.
    private Task<(WebApplication App, Uri Address)> StartAsync(OpenIdProvider? provider = null) =>
        RunningPortal.StartAsync(Database, [.. Settings(provider ?? _provider), "--Portal:Roles=web"]);

    private Browser NewBrowser() => new(_address);

    /// <summary>Who signs in at the provider.</summary>
    private void Is(string email) => _provider.Person = new() { ["sub"] = _subject, ["email"] = email, ["email_verified"] = true, ["name"] = "Ann Example" };

    /// <summary>To the provider and back; answers where that leads in the end.</summary>
    private async Task<string> ArriveAsync(Browser browser, string returnUrl = "/", OpenIdProvider? provider = null)
    {
        var start = await browser.GetAsync("/account/openid/start?returnUrl=" + Uri.EscapeDataString(returnUrl));
        var answer = await browser.GetAsync((provider ?? _provider).Authorize(start.Headers.Location!));
        var next = answer.Headers.Location!.OriginalString;
        return next.StartsWith("/account/openid/done", StringComparison.Ordinal) ? (await browser.GetAsync(next)).Headers.Location!.OriginalString : next;
    }

    private async Task<(Guid Id, string Email)> LinkedAsync()
    {
        var (id, email) = await other.NewUserAsync();
        await LinkAsync(email);
        return (id, email);
    }

    private async Task LinkAsync(string email)
    {
        Is(email);
        var browser = NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        Assert.Equal("/account/openid", await ArriveAsync(browser));
        await browser.SubmitAsync("/account/openid", "openid-link");
    }

    private Task<long> LinksAsync(Guid id) => Database.AdminScalarAsync<long>($"select count(*) from ident.user_logins where user_id = '{id}'");

    private static async Task<string> ReadAsync(Browser browser, string path) =>
        WebUtility.HtmlDecode(await (await browser.GetAsync(path)).Content.ReadAsStringAsync());
}
