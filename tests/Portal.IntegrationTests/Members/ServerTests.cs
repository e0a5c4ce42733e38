using System.Net;

namespace Portal.IntegrationTests.Members;

/// <summary>What the server itself gives away, in production.</summary>
[Collection(WholePortal.Name)]
public sealed class ServerTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData("/.git/config")]
    [InlineData("/.git/HEAD")]
    [InlineData("/appsettings.json")]
    [InlineData("/appsettings.Production.json")]
    [InlineData("/Portal.Web.dll")]
    [InlineData("/fonts/")]
    [InlineData("/_framework/")]
    [InlineData("/_content/MudBlazor/")]
    [InlineData("/../appsettings.json")]
    [InlineData("/fonts/..%2f..%2fappsettings.json")]
    [InlineData("/metrics")]
    [InlineData("/swagger")]
    public async Task Neither_sources_nor_settings_nor_folders_are_served(string path)
    {
        var (_, email) = await portal.NewUserAsync();
        var browser = await portal.SignedInAsync(email);

        foreach (var caller in (Browser[])[browser, portal.NewBrowser()])
        {
            var answer = await caller.GetAsync(path);

            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotMatch("LogLevel|\\[core\\]|Index of", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("CONNECT")]
    [InlineData("DEBUG")]
    public async Task Methods_that_nobody_needs_say_nothing(string method)
    {
        using var http = new HttpClient { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(new(method), "/account/sign-in");
        request.Headers.Add("X-Canary", "canary-of-this-request");
        if (method == "CONNECT")
            request.Headers.Host = portal.Address.Authority;
        try
        {
            using var answer = await http.SendAsync(request);

            Assert.False(answer.IsSuccessStatusCode);
            Assert.DoesNotContain("canary-of-this-request", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            // Closed without an answer says nothing either.
        }
    }

    [Theory]
    [InlineData("/account/sign-in", "text/html; charset=utf-8")]
    [InlineData("/health/live", "text/plain; charset=utf-8")]
    [InlineData("/app.css", "text/css")]
    [InlineData("/code.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task Each_answer_says_what_it_is(string path, string type) =>
        Assert.Equal(type, (await portal.NewBrowser().GetAsync(path)).Content.Headers.ContentType!.ToString());

    [Theory]
    [InlineData("/account/sign-in?returnUrl=%2Fmine&returnUrl=%2F%2Fevil.test")]
    [InlineData("/account/sign-in?returnUrl=%2F%2Fevil.test&returnUrl=%2Fmine")]
    public async Task A_parameter_that_comes_twice_leads_nowhere_else(string path)
    {
        var (_, email) = await portal.NewUserAsync();

        var answer = await portal.NewBrowser().SignInAsync(email, RunningPortal.Password, path);

        Assert.DoesNotContain("evil", answer.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_the_page_does_not_have_changes_nothing()
    {
        var (id, email) = await portal.NewUserAsync();
        var browser = portal.NewBrowser();

        await browser.SubmitAsync("/account/sign-in", "sign-in",
            ("Form.Email", email), ("Form.Password", RunningPortal.Password), ("Form.IsOperator", "true"), ("Form.UserId", Guid.NewGuid().ToString()), ("IsOperator", "true"), ("Strong", "true"));

        Assert.False(await portal.Database.AdminScalarAsync<bool>($"select is_operator from ident.users where id = '{id}'"));
        Assert.False(await portal.Database.AdminScalarAsync<bool>($"select strong from ident.sessions where user_id = '{id}'"));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/operator/tenants")).StatusCode);
    }

    [Fact]
    public async Task Each_sign_in_has_a_session_of_its_own_that_cannot_be_guessed()
    {
        var (_, email) = await portal.NewUserAsync();
        var keys = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var browser = new Browser(portal.Address) { Cookies = new() { ["portal.session"] = keys.LastOrDefault("chosen-by-somebody") + "x" } };
            await browser.SignInAsync(email, RunningPortal.Password);
            keys.Add(browser.Cookies["portal.session"]);
        }

        Assert.Equal(20, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(20L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.sessions s join ident.users u on u.id = s.user_id where u.email = '{email}' and octet_length(s.id) = 32"));
        // Somebody who chooses the cookie before the sign-in does not know the one after it.
        Assert.DoesNotContain(keys, k => k.Contains("chosen-by-somebody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_is_typed_hidden_may_be_pasted_and_kept_by_the_browser()
    {
        var html = await (await portal.NewBrowser().GetAsync("/account/sign-in")).Content.ReadAsStringAsync();

        var field = System.Text.RegularExpressions.Regex.Match(html, "<input[^>]*name=\"Form.Password\"[^>]*>").Value;
        Assert.Contains("type=\"password\"", field, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"current-password\"", field, StringComparison.Ordinal);
        Assert.DoesNotMatch("onpaste|oncopy|readonly", html);
    }
}
