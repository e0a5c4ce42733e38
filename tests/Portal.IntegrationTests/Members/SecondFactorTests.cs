using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed partial class SecondFactorTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task With_an_app_a_password_alone_signs_nobody_in()
    {
        var (_, email, _) = await EnrolledAsync();
        var browser = portal.NewBrowser();

        var first = await browser.SignInAsync(email, RunningPortal.Password);

        Assert.Contains("/account/second-step", first.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account/password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await StepAsync(browser, await portal.CodeAsync(email))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).StatusCode);
    }

    [Fact]
    public async Task One_code_in_a_hundred_posts_at_the_same_moment_signs_in_once()
    {
        var (_, email, _) = await EnrolledAsync();
        var browser = portal.NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        var token = await browser.TokenAsync("/account/second-step");
        var code = await portal.CodeAsync(email);
        var cookies = new Dictionary<string, string>(browser.Cookies);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => new Browser(portal.Address) { Cookies = new(cookies) }.PostAsync(
            "/account/second-step", new() { ["_handler"] = "second-step", ["__RequestVerificationToken"] = token, ["Form.Code"] = code })));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
        Assert.Equal(99, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Ten_thousand_guesses_are_stopped_after_five_and_a_recovery_code_is_no_way_round()
    {
        var (id, email, codes) = await EnrolledAsync();
        var right = await portal.CodeAsync(email);
        var guesses = Enumerable.Range(0, 10_000).Select(i => ((i * 7919) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture))
            .Where(g => g != right).ToList();

        foreach (var chunk in guesses.Chunk(50))
            Assert.All(await Task.WhenAll(chunk.Select(g => CheckAsync(id, g))), step => Assert.Equal(SecondStep.Wrong, step));

        Assert.Equal(5, await portal.Database.AdminScalarAsync<int>($"select count from ident.tries where key = sha256('second|{id:N}'::bytea)"));
        Assert.Equal(SecondStep.Wrong, await CheckAsync(id, await portal.CodeAsync(email)));
        Assert.Equal(SecondStep.Wrong, await CheckAsync(id, codes[0]));
        Assert.Equal(10L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.recovery_codes where user_id = '{id}'"));

        // The lock ends by itself; the code that was never taken counts then.
        await portal.Database.AdminAsync("update ident.tries set resets_at = now()");
        Assert.Equal(SecondStep.Recovery, await CheckAsync(id, codes[0]));
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_also_for_many_at_the_same_moment()
    {
        var (id, email, codes) = await EnrolledAsync();

        var steps = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CheckAsync(id, codes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))));

        Assert.Single(steps, s => s == SecondStep.Recovery);
        // Where the first of them won, the other four were wrong guesses, and a fifth would lock.
        await portal.Database.AdminAsync("update ident.tries set resets_at = now()");
        var browser = portal.NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        Assert.Equal(HttpStatusCode.OK, (await StepAsync(browser, codes[3])).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await StepAsync(browser, codes[4])).StatusCode);
    }

    [Fact]
    public async Task A_seed_and_a_code_of_one_person_are_worth_nothing_for_another()
    {
        var (one, _, codes) = await EnrolledAsync();
        var (other, email, _) = await EnrolledAsync();
        await portal.Database.AdminAsync($"""
            insert into ident.recovery_codes (user_id, hash) select '{other}', hash from ident.recovery_codes where user_id = '{one}';
            update ident.second_factors set sealed_seed = (select sealed_seed from ident.second_factors where user_id = '{one}') where user_id = '{other}'
            """);

        Assert.Equal(SecondStep.Wrong, await CheckAsync(other, codes[0]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => portal.CodeAsync(email));
        await Assert.ThrowsAsync<InvalidOperationException>(() => CheckAsync(other, "123456"));
    }

    [Fact]
    public async Task Setting_up_ends_the_other_sessions_and_is_not_done_without_a_code()
    {
        var (id, email) = await portal.NewUserAsync();
        var (mine, other) = (await portal.SignedInAsync(email), await portal.SignedInAsync(email));
        var page = await (await mine.GetAsync("/account/second-factor")).Content.ReadAsStringAsync();
        Assert.Contains("data:image/svg", page, StringComparison.Ordinal);

        Assert.Contains("not the code", await EnrolAsync(mine, email, "000000"), StringComparison.Ordinal);
        Assert.False(await AskedAsync(id));
        var done = await EnrolAsync(mine, email, null);

        // Four times seven of 31 signs are 138 bits; of each there is a hash and nothing else.
        Assert.Equal(10, RecoveryCode().Count(done));
        Assert.Equal(10L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.recovery_codes where user_id = '{id}' and octet_length(hash) = 32"));
        var kept = await portal.Database.AdminScalarAsync<string>($"select string_agg(c::text || encode(c.hash, 'escape'), ' ') from ident.recovery_codes c where user_id = '{id}'");
        Assert.All(RecoveryCode().Matches(done), code => Assert.DoesNotContain(code.Value.Replace("-", "", StringComparison.Ordinal), kept.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        Assert.True(await AskedAsync(id));
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/account/password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account/password")).StatusCode);
        Assert.Contains("was added, renewed or removed", (await portal.Mail.WaitAsync(email)).TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_was_begun_with_the_old_password_leads_nowhere()
    {
        var (_, email, _) = await EnrolledAsync();
        var browser = portal.NewBrowser();
        await browser.SignInAsync(email, RunningPortal.Password);
        await portal.Database.AdminAsync($"update ident.users set security_stamp = 'another' where email = '{email}'");

        Assert.Equal(HttpStatusCode.OK, (await StepAsync(browser, await portal.CodeAsync(email))).StatusCode);
        Assert.DoesNotContain("portal.session", browser.Cookies.Keys);
    }

    [Fact]
    public async Task Somebody_who_lost_everything_is_let_in_by_the_shell()
    {
        var (id, email, _) = await EnrolledAsync();

        await using var scope = portal.Services.CreateAsyncScope();
        Assert.Equal(email, await scope.ServiceProvider.GetRequiredService<ChangeFactors>().ResetAsync(email.ToUpperInvariant(), CancellationToken.None));

        Assert.False(await AskedAsync(id));
        Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().SignInAsync(email, RunningPortal.Password)).StatusCode);
    }

    private async Task<(Guid Id, string Email, IReadOnlyList<string> Codes)> EnrolledAsync()
    {
        var (id, email) = await portal.NewUserAsync();
        var done = await EnrolAsync(await portal.SignedInAsync(email), email, null);
        return (id, email, [.. RecoveryCode().Matches(done).Select(m => m.Value)]);
    }

    private async Task<string> EnrolAsync(Browser browser, string email, string? code)
    {
        await browser.GetAsync("/account/second-factor");
        code ??= await portal.CodeAsync(email);
        return await (await browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", code))).Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> StepAsync(Browser browser, string code) =>
        browser.SubmitAsync("/account/second-step", "second-step", ("Form.Code", code));

    private Task<SecondStep> CheckAsync(Guid user, string code) =>
        portal.Services.GetRequiredService<CheckSecondFactor>().RunAsync(user, code, Origin.Console, CancellationToken.None);

    private Task<bool> AskedAsync(Guid user) => portal.Services.GetRequiredService<CheckSecondFactor>().IsAskedAsync(user, CancellationToken.None);

    [GeneratedRegex("(?<=<code[^>]*>)[a-hjkmnp-z2-9]{7}(?:-[a-hjkmnp-z2-9]{7}){3}(?=</code>)", RegexOptions.None, 1000)]
    private static partial Regex RecoveryCode();
}
