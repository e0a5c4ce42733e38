using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

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

    [Theory]
    [InlineData("correct horse battery ")]
    [InlineData(" correct horse battery")]
    [InlineData("Correct horse battery")]
    [InlineData("correct horse batter")]
    [InlineData("correct horse batteryx")]
    public async Task A_password_counts_to_its_last_character(string almost)
    {
        var (_, email) = await portal.NewUserAsync();

        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().SignInAsync(email, almost)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().SignInAsync(email, RunningPortal.Password)).StatusCode);
    }

    [Fact]
    public async Task Of_a_password_a_slow_hash_is_kept_and_neither_age_nor_hint_nor_question()
    {
        var (id, _) = await portal.NewUserAsync();

        var hash = Convert.FromBase64String(await portal.Database.AdminScalarAsync<string>($"select password_hash from ident.users where id = '{id}'"));
        // Identity's format: 1, then the algorithm (2 is HMAC-SHA512), the rounds, the length of the salt.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)) >= 210_000);
        Assert.Equal(16u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(9)));
        Assert.Equal("password_hash", await portal.Database.AdminScalarAsync<string>(
            "select string_agg(column_name, ' ') from information_schema.columns where table_schema = 'ident' and table_name = 'users' and column_name ~ 'password|hint|question|answer|secret'"));
    }

    [Fact]
    public async Task A_new_installation_has_no_users_and_no_operator()
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal(0L, await database.AdminScalarAsync<long>("select count(*) from ident.users"));
    }

    [Fact]
    public async Task A_new_password_through_the_mailbox_is_no_way_round_the_second_step()
    {
        var (_, email) = await portal.NewUserAsync();
        await portal.EnrolAsync(await portal.SignedInAsync(email), email);
        await portal.Mail.WaitAsync(email);
        await portal.NewBrowser().SubmitAsync("/account/forgot", "forgot", ("Form.Email", email));
        var code = MailCatcher.CodeOf(await portal.Mail.WaitAsync(email, 2));
        var browser = portal.NewBrowser();

        var answer = await browser.SubmitAsync("/account/reset", "reset", ("Form.Code", code), ("Form.Password", "another horse entirely"));

        Assert.EndsWith("/account/sign-in?done=reset", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        Assert.Contains("/account/second-step", (await browser.SignInAsync(email, "another horse entirely")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
    }

    [Fact]
    public async Task A_sealed_cookie_that_was_changed_is_too_old_or_was_made_for_something_else_opens_nothing()
    {
        var (id, email) = await portal.NewUserAsync();
        await portal.EnrolAsync(await portal.SignedInAsync(email), email);
        var browser = portal.NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        var right = browser.Cookies["portal.step"];
        Assert.Equal(HttpStatusCode.OK, (await StepAsync(right)).StatusCode);

        await browser.PostAsync("/account/passkey/request", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/sign-in") });
        var protector = portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Portal.SignIn.Step.v1").ToTimeLimitedDataProtector();
        var stamp = await portal.Database.AdminScalarAsync<string>($"select security_stamp from ident.users where id = '{id}'");
        var old = protector.Protect($"{id:N}|False|{stamp}", DateTimeOffset.UnixEpoch.AddYears(50));
        var changed = right[..20] + (right[20] == 'A' ? 'B' : 'A') + right[21..];
        foreach (var wrong in (string[])[browser.Cookies["portal.passkey"], old, changed, right[..^4], $"{id:N}|False|{stamp}"])
            Assert.Equal(HttpStatusCode.Redirect, (await StepAsync(wrong)).StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding : chunked")]
    public async Task A_request_whose_length_is_told_in_two_ways_or_wrongly_is_refused(string headers)
    {
        var said = await SendRawAsync($"POST /receipts HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\nhello\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", said, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_length_hides_behind_chunks_is_no_request_of_its_own()
    {
        // By the length the second request belongs to the body of the first; by the chunks, which count, the body ends before it.
        const string Second = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        var said = await SendRawAsync($"POST /receipts HTTP/1.1\r\nHost: localhost\r\nContent-Length: {5 + Second.Length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Second}");

        // Refused, or closed after the chunks, or both answered: had the length been believed, the connection would wait for a next one.
        Assert.True(
            said.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || said.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal) || said.Contains("alive", StringComparison.Ordinal),
            said);
    }

    private Task<HttpResponseMessage> StepAsync(string cookie) =>
        new Browser(portal.Address) { Cookies = new() { ["portal.step"] = cookie } }.GetAsync("/account/second-step");

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(portal.Address.Host, portal.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var said = new StringBuilder();
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, patience.Token)) > 0;)
                said.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It was closed with something unread, or waits for a next request.
        }
        return said.ToString();
    }
}
