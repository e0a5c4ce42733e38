using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class PasswordTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const string New = "another horse entirely";

    [Fact]
    public async Task A_forgotten_password_is_set_anew_through_the_mailbox_once()
    {
        var (_, email) = await portal.NewUserAsync();
        var code = await AskAsync(email);
        var browser = portal.NewBrowser();

        Assert.EndsWith("/account/sign-in?done=reset", (await ResetAsync(browser, code, New)).Headers.Location!.OriginalString, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().SignInAsync(email, RunningPortal.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().SignInAsync(email, New)).StatusCode);
        Assert.Contains("does not work", await (await ResetAsync(browser, code, "yet another password")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("was changed", (await portal.Mail.WaitAsync(email, 2)).TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_used_once_also_by_many_at_the_same_moment()
    {
        var (_, email) = await portal.NewUserAsync();
        var code = await AskAsync(email);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => UseAsync<ResetPassword, Result<string>>(r => r.RunAsync(code, $"{New} {i}", "10.0.0.1", CancellationToken.None))));

        Assert.Single(results, r => r.Ok);
    }

    [Fact]
    public async Task A_new_password_ends_every_session_and_lifts_the_lock()
    {
        var (_, email) = await portal.NewUserAsync();
        var thief = await portal.SignedInAsync(email);
        for (var i = 0; i < 6; i++)
            await portal.NewBrowser().SignInAsync(email, "not the password");
        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().SignInAsync(email, RunningPortal.Password)).StatusCode);

        await ResetAsync(portal.NewBrowser(), await AskAsync(email), New);

        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/")).StatusCode);
        Assert.StartsWith("/account/sign-in", (await thief.GetAsync("/")).Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().SignInAsync(email, New)).StatusCode);
    }

    [Fact]
    public async Task An_address_that_nobody_has_gets_the_same_page_and_no_letter()
    {
        var (_, email) = await portal.NewUserAsync();
        var nobody = "nobody-" + email;

        var (known, unknown) = (await ForgotAsync(email), await ForgotAsync(nobody));

        Assert.Contains("Look into your mailbox", known, StringComparison.Ordinal);
        Assert.Equal(known.Replace(email, "", StringComparison.Ordinal), unknown.Replace(nobody, "", StringComparison.Ordinal));
        await portal.Mail.WaitAsync(email);
        // Letters leave in the order in which they were asked for: the one to nobody was looked at before this.
        await ForgotAsync(email);
        await portal.Mail.WaitAsync(email, 2);
        Assert.Empty(portal.Mail.To(nobody));
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.letters where email = '{nobody}'"));
    }

    [Fact]
    public async Task Not_more_than_three_letters_an_hour_go_to_one_address()
    {
        var (_, email) = await portal.NewUserAsync();

        for (var i = 0; i < 10; i++)
            Assert.True(await UseAsync<AskForReset, bool>(a => a.RunAsync(email, "en", "10.9.0.1", CancellationToken.None)));

        await portal.Mail.WaitAsync(email, 3);
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.letters where email = '{email}'"));
        Assert.Equal(3, portal.Mail.To(email).Count);
    }

    [Fact]
    public async Task A_code_that_is_too_old_or_was_replaced_does_not_work()
    {
        var (_, email) = await portal.NewUserAsync();
        var first = await AskAsync(email);
        var second = await AskAsync(email, 2);
        Assert.Equal("code_invalid", (await UseAsync<ResetPassword, Result<string>>(r => r.RunAsync(first, New, "10.0.0.1", CancellationToken.None))).Problems[0].Code);

        await portal.Database.AdminAsync("update ident.password_resets set expires_at = now()");

        Assert.Equal("code_invalid", (await UseAsync<ResetPassword, Result<string>>(r => r.RunAsync(second, New, "10.0.0.1", CancellationToken.None))).Problems[0].Code);
    }

    [Fact]
    public async Task Changing_a_password_asks_for_the_old_one_and_ends_the_other_sessions()
    {
        var (_, email) = await portal.NewUserAsync();
        var (mine, other) = (await portal.SignedInAsync(email), await portal.SignedInAsync(email));

        Assert.Contains("not your present password", await ChangeAsync(mine, "not the password", New), StringComparison.Ordinal);
        Assert.Contains("tried first", await ChangeAsync(mine, RunningPortal.Password, "1q2w3e4r5t6y"), StringComparison.Ordinal);
        Assert.Contains("The password is changed", await ChangeAsync(mine, RunningPortal.Password, New), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/account/password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account/password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().SignInAsync(email, New)).StatusCode);
    }

    [Fact]
    public async Task What_a_person_changed_stands_in_the_audit_of_their_tenants()
    {
        var team = await new TeamRig(portal).BeginAsync();

        await ChangeAsync(await portal.SignedInAsync(team.Tenant.OwnerEmail), RunningPortal.Password, New);

        Assert.Equal(team.Tenant.OwnerEmail, await team.AuditAsync("password_changed"));
    }

    [Fact]
    public async Task A_letter_that_was_not_taken_waits_longer_each_time_and_is_sent_by_the_next()
    {
        var (_, email) = await portal.NewUserAsync();
        portal.Mail.Refuse = true;
        try
        {
            await ForgotAsync(email);
            await UntilAsync($"select exists (select from ident.letters where email = '{email}' and tries >= 1 and next_at > now())");
        }
        finally
        {
            portal.Mail.Refuse = false;
        }
        Assert.Empty(portal.Mail.To(email));

        await portal.Database.AdminAsync("update ident.letters set next_at = now()");

        await portal.Mail.WaitAsync(email);
        await UntilAsync($"select not exists (select from ident.letters where email = '{email}')");
    }

    private async Task UntilAsync(string sql)
    {
        while (!await portal.Database.AdminScalarAsync<bool>(sql))
            await Task.Delay(50);
    }

    private async Task<string> ForgotAsync(string email) =>
        Browser.Varying().Replace(await (await portal.NewBrowser().SubmitAsync("/account/forgot", "forgot", ("Form.Email", email))).Content.ReadAsStringAsync(), "");

    private async Task<string> AskAsync(string email, int letter = 1)
    {
        await ForgotAsync(email);
        return MailCatcher.CodeOf(await portal.Mail.WaitAsync(email, letter));
    }

    private static Task<HttpResponseMessage> ResetAsync(Browser browser, string code, string password) =>
        browser.SubmitAsync("/account/reset", "reset", ("Form.Code", code), ("Form.Password", password));

    private static async Task<string> ChangeAsync(Browser browser, string old, string password) =>
        await (await browser.SubmitAsync("/account/password", "password", ("Form.Old", old), ("Form.New", password))).Content.ReadAsStringAsync();

    private async Task<TResult> UseAsync<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }
}
