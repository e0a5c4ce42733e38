using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Members;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class SignInTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task The_right_password_signs_in_and_leads_back_to_the_page_that_was_asked_for()
    {
        var email = await NewUserAsync();
        var browser = portal.NewBrowser();
        var asked = await browser.GetAsync("/operator/tenants?x=1");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var signIn = asked.Headers.Location!.PathAndQuery;
        Assert.StartsWith("/account/sign-in", signIn, StringComparison.Ordinal);

        var answer = await browser.SignInAsync(email, RunningPortal.Password, signIn);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("/operator/tenants?x=1", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), c =>
            c.StartsWith("portal.session=", StringComparison.Ordinal) && c.Contains("httponly", StringComparison.Ordinal)
            && c.Contains("samesite=lax", StringComparison.Ordinal) && !c.Contains("expires", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    public async Task Signing_in_never_leads_to_another_site(string back)
    {
        var email = await NewUserAsync();

        var answer = await portal.NewBrowser().SignInAsync(email, RunningPortal.Password, "/account/sign-in?returnUrl=" + Uri.EscapeDataString(back));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.DoesNotContain("evil", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var email = await NewUserAsync();

        var wrong = await portal.NewBrowser().SignInAsync(email, "not the password");
        var unknown = await portal.NewBrowser().SignInAsync("nobody-" + email, "not the password");

        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        var said = await BodyAsync(wrong, email);
        Assert.Contains("not signed in", said, StringComparison.Ordinal);
        Assert.Equal(said, await BodyAsync(unknown, "nobody-" + email));
    }

    [Fact]
    public async Task What_was_typed_stays_except_the_password()
    {
        var html = await (await portal.NewBrowser().SignInAsync("somebody@example.test", "secret-typed-text")).Content.ReadAsStringAsync();

        Assert.Contains("value=\"somebody@example.test\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-typed-text", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_address_even_for_the_right_one()
    {
        var email = await NewUserAsync();
        for (var i = 0; i < 5; i++)
            await portal.NewBrowser().SignInAsync(email, "not the password");

        var answer = await portal.NewBrowser().SignInAsync(email, RunningPortal.Password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("after 5 wrong passwords an address is locked for 15 minutes", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_are_all_counted()
    {
        var email = await NewUserAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckAsync(email, "not the password")));

        Assert.Null(await CheckAsync(email, RunningPortal.Password));
    }

    [Fact]
    public async Task A_locked_address_a_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var email = await NewUserAsync();
        var answers = new List<string>();
        foreach (var who in (string[])[email, "nobody-" + email])
        {
            for (var i = 0; i < 7; i++)
                answers.Add(await BodyAsync(await portal.NewBrowser().SignInAsync(who, "not the password"), who));
        }

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Hashing is what takes the time: it is done once, whatever is wrong.</summary>
    [Theory]
    [InlineData("a wrong password")]
    [InlineData("an unknown address")]
    [InlineData("a locked address")]
    [InlineData("no password")]
    [InlineData("an endless password")]
    public async Task Whoever_is_not_let_in_waits_as_long_as_anybody(string what)
    {
        var email = await NewUserAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        T Of<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();
        var hasher = new CountingHasher(Of<IPasswordHasher<User>>());
        var check = new CheckPassword(Of<IDbContextFactory<IdentityDb>>(), hasher, Of<ILookupNormalizer>(), Of<PasswordTries>());
        if (what == "a locked address")
        {
            for (var i = 0; i < 5; i++)
                await CheckAsync(email, "not the password", "10.4.0.1");
        }
        if (what == "no password")
            await portal.Database.AdminAsync($"update ident.users set password_hash = null where email = '{email}'");
        var password = what switch { "a locked address" or "no password" => RunningPortal.Password, "an endless password" => new string('x', 5000), _ => "not the password" };

        Assert.Null(await check.RunAsync(what == "an unknown address" ? "nobody-" + email : email, password, "10.4.0.1", CancellationToken.None));

        Assert.Equal(1, hasher.Verified);
    }

    [Fact]
    public async Task A_lock_at_one_place_leaves_the_owner_elsewhere_in()
    {
        var email = await NewUserAsync();
        for (var i = 0; i < 5; i++)
            await CheckAsync(email, "not the password", "10.0.0.1");

        Assert.Null(await CheckAsync(email, RunningPortal.Password, "10.0.0.1"));
        Assert.NotNull(await CheckAsync(email, RunningPortal.Password, "10.0.0.2"));
    }

    [Fact]
    public async Task Guesses_from_everywhere_are_counted_together()
    {
        var email = await NewUserAsync();
        for (var i = 0; i < 50; i++)
            Assert.Null(await CheckAsync(email, "not the password", $"10.1.0.{i}"));

        Assert.Null(await CheckAsync(email, RunningPortal.Password, "10.2.0.1"));
    }

    [Fact]
    public async Task One_place_that_tries_many_addresses_is_stopped_and_others_are_not()
    {
        for (var i = 0; i < 100; i++)
            await CheckAsync($"nobody{i}@example.test", "Summer in the city", "10.3.0.1");
        var email = await NewUserAsync();

        Assert.Null(await CheckAsync(email, RunningPortal.Password, "10.3.0.1"));
        Assert.NotNull(await CheckAsync(email, RunningPortal.Password, "10.3.0.2"));
    }

    [Fact]
    public async Task Signing_out_makes_a_copied_cookie_worthless()
    {
        var browser = await portal.SignedInAsync(await NewUserAsync());
        var thief = new Browser(portal.Address) { Cookies = new(browser.Cookies) };
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/")).StatusCode);

        var token = await browser.TokenAsync("/");
        var answer = await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = token });

        Assert.Equal("/account/sign-in", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Signing_out_needs_a_token_of_the_page()
    {
        var browser = await portal.SignedInAsync(await NewUserAsync());

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/sign-out", [])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Neither_cookie_nor_ticket_nor_keys_lie_in_the_database_in_clear()
    {
        var email = await NewUserAsync();
        var browser = await portal.SignedInAsync(email);

        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>($"select count(*) from ident.sessions where position('{email}'::bytea in ticket) > 0 or octet_length(id) <> 32"));
        Assert.NotEqual(0L, await portal.Database.AdminScalarAsync<long>("select count(*) from ident.sessions"));
        Assert.NotEqual(0L, await portal.Database.AdminScalarAsync<long>("select count(*) from ident.data_protection_keys where xml like '%<sealed%'"));
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>("select count(*) from ident.data_protection_keys where xml like '%masterKey%' or xml not like '%<sealed%'"));
        Assert.Contains("portal.session", browser.Cookies.Keys);
    }

    [Fact]
    public async Task Another_instance_knows_the_session()
    {
        var browser = await portal.SignedInAsync(await NewUserAsync());
        var (app, address) = await RunningPortal.StartAsync(portal.Database);
        await using (app)
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address) { Cookies = browser.Cookies }.GetAsync("/")).StatusCode);
    }

    private async Task<string> NewUserAsync()
    {
        var email = $"u{Guid.NewGuid():N}@example.test";
        await using var scope = portal.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<CreateUser>().RunAsync(new(email, RunningPortal.Password), CancellationToken.None);
        Assert.True(result.Ok);
        return email;
    }

    private async Task<SignedIn?> CheckAsync(string email, string password, string network = "10.0.0.1")
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CheckPassword>().RunAsync(email, password, network, CancellationToken.None);
    }

    // Without what is sealed, which differs in each answer, and the address, which the page repeats.
    private static async Task<string> BodyAsync(HttpResponseMessage answer, string email)
    {
        var html = (await answer.Content.ReadAsStringAsync()).Replace(email, "", StringComparison.Ordinal);
        return Browser.Varying().Replace(html, "");
    }

    private sealed class CountingHasher(IPasswordHasher<User> real) : IPasswordHasher<User>
    {
        public int Verified { get; private set; }

        public string HashPassword(User user, string password) => real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
