using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Hosting;

namespace Portal.IntegrationTests.Members;

[Collection(WholePortal.Name)]
public sealed class HostTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task Every_answer_forbids_frames_foreign_scripts_and_sniffing()
    {
        foreach (var path in (string[])["/account/sign-in", "/health/live", "/no-such-page", "/app.css"])
        {
            var headers = (await portal.NewBrowser().GetAsync(path)).Headers;
            var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
            Assert.NotEmpty(headers.GetValues("Referrer-Policy"));
        }
    }

    [Fact]
    public async Task No_page_has_an_inline_script()
    {
        var html = await (await portal.NewBrowser().GetAsync("/account/sign-in")).Content.ReadAsStringAsync();

        Assert.DoesNotMatch("<script(?![^>]*\\ssrc=)", html);
        Assert.DoesNotMatch("\\son[a-z]+=\"", html);
    }

    [Theory]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/app.css")]
    [InlineData("/Portal.Web.styles.css")]
    public async Task Styles_and_scripts_are_there_for_strangers_too(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().GetAsync(path)).StatusCode);

    [Fact]
    public async Task A_page_is_for_people_who_are_signed_in_unless_it_says_otherwise()
    {
        foreach (var path in (string[])["/", "/operator/tenants", "/t/any/contacts", "/no-such-page"])
            Assert.Equal(HttpStatusCode.Redirect, (await portal.NewBrowser().GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.NewBrowser().PostAsync("/_blazor/negotiate", [])).StatusCode);
    }

    [Fact]
    public async Task The_language_is_the_cookies_and_else_the_browsers()
    {
        var browser = new Browser(portal.Address) { Language = "zh-CN,zh;q=0.9" };
        Assert.Contains("电子邮箱", await TextAsync(browser), StringComparison.Ordinal);

        var answer = await browser.GetAsync("/language/en?back=%2Faccount%2Fsign-in");

        Assert.Equal("/account/sign-in", answer.Headers.Location!.ToString());
        Assert.Contains("E-mail address", await TextAsync(browser), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    public async Task Changing_the_language_never_leads_to_another_site(string back) =>
        Assert.Equal("/", (await portal.NewBrowser().GetAsync("/language/zh-Hans?back=" + Uri.EscapeDataString(back))).Headers.Location!.ToString());

    [Fact]
    public async Task The_webhook_takes_anything_from_anybody_and_looks_at_no_cookie()
    {
        var browser = new Browser(portal.Address) { Cookies = new() { ["portal.session"] = "nonsense" } };

        var answer = await browser.PostAsync("/receipts", new() { ["not"] = "a receipt" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("OK", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task There_is_no_mailbox_outside_development()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await portal.NewBrowser().GetAsync("/mailbox")).StatusCode);
        var (app, address) = await RunningPortal.StartAsync(portal.Database);
        await using (app)
            Assert.Equal(HttpStatusCode.NotFound, (await new Browser(address).GetAsync("/mailbox")).StatusCode);
    }

    [Theory]
    [InlineData("--Portal:Mail:From=", "Portal:Mail:From")]
    [InlineData("--Portal:Mail:Security=None", "Portal:Mail:Security")]
    public void A_mail_server_without_a_sender_or_without_TLS_is_a_mistake(string setting, string key)
    {
        string[] mail = ["--Portal:Mail:Host=mail.example.test", "--Portal:Mail:From=Portal <portal@example.test>", setting];
        var refusal = Assert.Throws<SettingsException>(() => Web.Program.Create(RunningPortal.Settings(portal.Database, mail)));

        Assert.Contains(key, Assert.Single(refusal.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_for_receipts_only_shows_no_page()
    {
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:Roles=receipts");
        await using (app)
        {
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address).GetAsync("/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address).PostAsync("/receipts", [])).StatusCode);
            Assert.NotEqual(HttpStatusCode.OK, (await new Browser(address).GetAsync("/account/sign-in")).StatusCode);
        }
    }

    [Fact]
    public async Task The_portal_is_ready_when_the_database_answers_as_each_role()
    {
        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.NewBrowser().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task What_does_not_answer_is_named_and_the_process_lives_on()
    {
        var (app, address) = await RunningPortal.StartAsync(portal.Database, "--Portal:Database:KeyStoreDatabase=not_there");
        await using (app)
        {
            var answer = await new Browser(address).GetAsync("/health/ready");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var said = await answer.Content.ReadAsStringAsync();
            Assert.EndsWith("as keys", said, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address).GetAsync("/health/live")).StatusCode);
        }
    }

    [Fact]
    public async Task The_portal_starts_and_is_ready_without_Hangfires_schema()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AdminAsync("drop schema hangfire cascade");
        var (app, address) = await RunningPortal.StartAsync(database);
        await using (app)
        {
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address).GetAsync("/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await new Browser(address).GetAsync("/account/sign-in")).StatusCode);
        }
    }

    [Fact]
    public void Every_mistake_in_the_settings_is_said_at_once_with_its_key()
    {
        string[] nothing = [.. ((string[])["ConnectionStrings:Portal", "Portal:Database:RoleKey", "Portal:Database:RoleKeyFile", "Portal:PublicAddress", "Portal:Vault:RootKeyFile", "Portal:Vault:RootKeys", "Portal:Dispatch:FenceDirectory"]).Select(k => $"--{k}=")];
        var refusal = Assert.Throws<SettingsException>(() => Web.Program.Create(["--environment=Production", "--Portal:Roles=web,wrong", "--Portal:TrustedProxies=proxy.example", .. nothing]));

        var said = string.Join('\n', refusal.Mistakes);

        foreach (var key in (string[])["ConnectionStrings:Portal", "Portal:Database:RoleKeyFile", "Portal:PublicAddress", "Portal:Roles", "Portal:TrustedProxies", "Portal:Vault:RootKeyFile", "Portal:Dispatch:FenceDirectory"])
            Assert.Contains(key, said, StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(Browser browser) =>
        WebUtility.HtmlDecode(await (await browser.GetAsync("/account/sign-in")).Content.ReadAsStringAsync());
}
