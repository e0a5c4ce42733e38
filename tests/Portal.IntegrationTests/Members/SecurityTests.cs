using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;
using Portal.Tenants;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class SecurityTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData("/operator/tenants")]
    [InlineData("/operator/jobs")]
    public async Task An_operator_without_a_second_factor_is_led_to_one_and_gets_in_with_it(string path)
    {
        var (_, email) = await portal.NewUserAsync(isOperator: true);
        var browser = await portal.SignedInAsync(email);
        Assert.EndsWith("/account/security?why=operator", (await browser.GetAsync(path)).Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("need a second factor", await ReadAsync(browser, "/account/security?why=operator"), StringComparison.Ordinal);

        await portal.EnrolAsync(browser, email);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).StatusCode);

        await browser.SubmitAsync("/account/security", "app-off");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_session_with_one_factor_opens_no_operators_page_even_when_the_person_has_an_app()
    {
        var (_, email) = await portal.NewUserAsync(isOperator: true);
        var browser = await portal.SignedInAsync(email);
        await portal.EnrolAsync(browser, email);
        await portal.Database.AdminAsync("update ident.sessions set strong = false");

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/operator/tenants")).StatusCode);
    }

    [Fact]
    public async Task After_five_minutes_the_security_page_asks_again_and_changes_nothing_before()
    {
        var (_, email) = await portal.NewUserAsync();
        var (browser, other) = (await portal.SignedInAsync(email), await portal.SignedInAsync(email));
        Assert.Contains("Where you are signed in", await ReadAsync(browser, "/account/security"), StringComparison.Ordinal);
        var token = await browser.TokenAsync("/account/security");
        await portal.Database.AdminAsync("update ident.sessions set confirmed_at = now() - interval '6 minutes'");

        var asked = await browser.GetAsync("/account/security");
        Assert.Contains("/account/confirm?returnUrl=%2Faccount%2Fsecurity", asked.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await browser.PostAsync("/account/security", new() { ["_handler"] = "sessions-others", ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account/password")).StatusCode);

        Assert.Contains("not the password", await ConfirmAsync(browser, "wrong password here"), StringComparison.Ordinal);
        await ConfirmAsync(browser, RunningPortal.Password);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/security")).StatusCode);
    }

    /// <summary>What changes how somebody signs in: nothing of it in a browser whose person did not show lately who they are.</summary>
    [Fact]
    public async Task After_five_minutes_neither_app_nor_codes_nor_password_change()
    {
        var (id, email) = await portal.NewUserAsync();
        var browser = await portal.SignedInAsync(email);
        await portal.EnrolAsync(browser, email);
        await portal.Mail.WaitAsync(email);
        var token = await browser.TokenAsync("/account/security");
        async Task<string> FactorsAsync() => await portal.Database.AdminScalarAsync<string>(
            $"select (select count(*) from ident.second_factors where user_id = u.id) || ' ' || (select string_agg(encode(hash, 'hex'), ',' order by hash) from ident.recovery_codes where user_id = u.id) || u.password_hash from ident.users u where id = '{id}'");
        var before = await FactorsAsync();
        await portal.Database.AdminAsync($"update ident.sessions set confirmed_at = now() - interval '6 minutes' where user_id = '{id}'");

        foreach (var (path, handler) in ((string, string)[])[("/account/security", "app-off"), ("/account/security", "codes"), ("/account/second-factor", "second-factor"), ("/account/security", "passkey-add")])
        {
            var answer = await browser.PostAsync(path, new() { ["_handler"] = handler, ["__RequestVerificationToken"] = token, ["Form.Code"] = "123456", ["Form.Credential"] = "{}" });
            Assert.Contains("/account/confirm", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
        }
        Assert.Contains("/account/confirm", (await browser.GetAsync("/account/second-factor")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        // A password is changed with the one before, however long ago somebody came in.
        await browser.SubmitAsync("/account/password", "password", ("Form.Old", "not the password"), ("Form.New", "another horse entirely"));

        Assert.Equal(before, await FactorsAsync());
    }

    [Fact]
    public async Task Sessions_are_listed_with_what_they_are_and_can_be_ended()
    {
        var (id, email) = await portal.NewUserAsync();
        var mine = await portal.SignedInAsync(email);
        var phone = new Browser(portal.Address) { UserAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1" };
        await phone.SignInAsync(email, RunningPortal.Password);

        var page = await ReadAsync(mine, "/account/security");
        Assert.Contains("Safari · iPhone", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", page, StringComparison.Ordinal);

        await mine.SubmitAsync("/account/security", "sessions-others");
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync("/account/password")).StatusCode);
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.sessions where user_id = '{id}'"));
    }

    [Fact]
    public async Task A_session_is_ended_by_its_owner_only()
    {
        var (mine, email) = await portal.NewUserAsync();
        await portal.SignedInAsync(email);
        var (_, other) = await portal.NewUserAsync();
        var browser = await portal.SignedInAsync(other);
        var foreign = await portal.Database.AdminScalarAsync<byte[]>($"select id from ident.sessions where user_id = '{mine}'");

        await portal.Services.GetRequiredService<SessionList>().EndAsync(Guid.NewGuid(), foreign, CancellationToken.None);

        Assert.True(await portal.Services.GetRequiredService<Sessions>().IsAliveAsync(foreign, CancellationToken.None));
        Assert.DoesNotContain(Convert.ToHexStringLower(foreign.AsSpan(0, 8)), await ReadAsync(browser, "/account/security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_ends_every_session_of_a_person_and_nothing_else()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var (email, end) = (team.Tenant.OwnerEmail, portal.Services.GetRequiredService<EndSessions>());
        var (one, two) = (await portal.SignedInAsync(email), await portal.SignedInAsync(email));
        var other = await portal.SignedInAsync((await portal.NewUserAsync()).Email);

        Assert.Equal((email, 2), await end.RunAsync(email.ToUpperInvariant(), CancellationToken.None));
        Assert.Null(await end.RunAsync("NOBODY@EXAMPLE.TEST", CancellationToken.None));

        foreach (var browser in (Browser[])[one, two])
            Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account/password")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account/password")).StatusCode);
        Assert.NotNull(await team.AuditAsync("sessions_ended"));
        // The password is what it was.
        await portal.SignedInAsync(email);
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_after_sign_out_a_hundred_times_of_a_hundred()
    {
        var (_, email) = await portal.NewUserAsync();
        var browser = await portal.SignedInAsync(email);
        var stolen = new Dictionary<string, string>(browser.Cookies);
        Assert.Equal(HttpStatusCode.OK, (await new Browser(portal.Address) { Cookies = new(stolen) }.GetAsync("/account/password")).StatusCode);
        await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/password") });

        var accepted = 0;
        for (var i = 0; i < 100; i++)
        {
            if ((await new Browser(portal.Address) { Cookies = new(stolen) }.GetAsync("/account/password")).StatusCode == HttpStatusCode.OK)
                accepted++;
        }

        Assert.Equal(0, accepted);
    }

    [Fact]
    public async Task Members_and_key_pairs_are_not_changed_by_a_browser_that_was_left_open()
    {
        var team = await new TeamRig(portal).BeginAsync();
        var left = team.Owner with { Confirmed = false };

        await Assert.ThrowsAsync<NotConfirmedException>(() => team.InviteAsync(left, "somebody@example.test"));
        await Assert.ThrowsAsync<NotConfirmedException>(() => team.RemoveAsync(left, left.UserId));
        await Assert.ThrowsAsync<NotConfirmedException>(() => team.ChangeAsync(left, left.UserId, MemberRole.Viewer));
        await Assert.ThrowsAsync<NotConfirmedException>(() => team.UseAsync<Portal.Accounts.AddAccount, Result<Guid>>(a => a.RunAsync(left, null!, CancellationToken.None)));
        await Assert.ThrowsAsync<NotConfirmedException>(() => team.UseAsync<Portal.Accounts.ReplaceKeyPair, Result<Portal.Accounts.CheckOutcome>>(r => r.RunAsync(left, Guid.NewGuid(), null!, CancellationToken.None)));
    }

    private static async Task<string> ReadAsync(Browser browser, string path) => await (await browser.GetAsync(path)).Content.ReadAsStringAsync();

    private static async Task<string> ConfirmAsync(Browser browser, string password) =>
        await (await browser.SubmitAsync("/account/confirm?returnUrl=%2Faccount%2Fsecurity", "confirm", ("Form.Password", password))).Content.ReadAsStringAsync();
}
