using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Npgsql;
using Portal.Accounts;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.IntegrationTests.Members;
using Portal.Members;
using Portal.Receipts;
using Portal.Tenants;

namespace Portal.BrowserTests;

/// <summary>
/// Marked secrets, numbers and texts go through every flow and every error while all of the portal talks as much as it can.
/// None of them is in a log, a trace, a metric, Hangfire's tables, the audit or an error page afterwards.
/// </summary>
[Collection(Hosted.Name)]
public sealed partial class CanaryTests(HostedPortal portal)
{
    private const string Text = "Canary seven sings at dawn";
    private const string Typed = "8619877001001";
    private const string Imported = "8619877001020";
    private const string Pasted = "8619877001031";
    private const string Tested = "8619877001040";
    private const string OptedOut = "8619877001052";
    private const string Sought = "8619877001063";
    private const string Pushed = "8619877001074";
    private const string Own = "8619877001085";

    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly List<string> _errorPages = [];

    private string ApiKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    private string Secret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    [Fact]
    public async Task Nothing_that_is_marked_is_said_by_anything()
    {
        Mark("a root key", Convert.ToBase64String([.. Enumerable.Range(7, 32).Select(i => (byte)i)]));
        Mark("the roles' key", portal.Database.Options.RoleKey);
        foreach (var role in Enum.GetValues<DatabaseRole>())
            Mark($"the password of {role}", portal.Database.Options.PasswordOf(role));
        foreach (var (what, number) in ((string, string)[])[("typed", Typed), ("imported", Imported), ("pasted", Pasted), ("tested", Tested), ("opted out", OptedOut), ("sought", Sought), ("pushed", Pushed), ("own", Own)])
            Mark($"the number {what}", number);
        Mark("the text", Text);

        var owner = await portal.TenantAsync("Canary Company", "canary", "canary@example.test");
        var account = await InThePagesAsync(owner);
        await AtTheDoorAsync(owner);
        await AtTheProviderAsync(owner, account);
        await AtTheWebhookAsync(owner, account);
        await InTheVaultAsync(owner, account);
        await ErrorsAsync(owner);
        await AdminAsync();
        await SignsAsync(account);

        // The test's own requests to the portal are traced in this process too.
        var all = portal.Heard.Lines.Where(l => !(l.StartsWith("activity System.Net.Http", StringComparison.Ordinal) && l.Contains($"url.full={portal.Address}", StringComparison.Ordinal))).Concat(portal.Heard.MetricTags.Select(t => "metric tag " + t))
            .Concat((await portal.MetricsAsync()).Split('\n').Select(l => "/metrics " + l))
            .Concat(await RowsAsync("hangfire")).Concat(await RowsAsync("app", "audit_entries")).Concat(_errorPages.Select(p => "error page " + p)).ToList();
        // What is looked through is there: of each kind more than a handful.
        Assert.True(portal.Heard.Lines.Count > 5_000, $"only {portal.Heard.Lines.Count} lines were heard");
        foreach (var kind in (string[])["activity Microsoft.AspNetCore", "activity Npgsql", "Trace Microsoft.", "Debug Microsoft.AspNetCore.", "Debug Microsoft.EntityFrameworkCore", "Portal.", "Hangfire", "metric tag", "/metrics ", "hangfire.job", "app.audit_entries", "error page"])
            Assert.Contains(all, l => l.Contains(kind, StringComparison.Ordinal));
        Assert.True(_marks.Count >= 30, $"only {_marks.Count} marks");
        Assert.All(_marks, m => Assert.True(m.Value.Length >= 12, m.Key));
        var found = (from line in all
                     from mark in _marks
                     where line.Contains(mark.Value, StringComparison.OrdinalIgnoreCase)
                     select $"{mark.Key}: {Around(line, mark.Value)}").Distinct(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, $"{found.Count} of {all.Count} lines say what they must not:\n{string.Join('\n', found.Take(40))}");
    }

    /// <summary>What a person types into pages: it comes through the circuit.</summary>
    private async Task<Guid> InThePagesAsync(Member owner)
    {
        Mark("an apikey", ApiKey);
        Mark("an apisecret", Secret);
        var (wrong, newer, newerSecret) = (Mark("a wrong apisecret", Hex()), Mark("a newer apikey", Base64()), Mark("a newer apisecret", Hex()));
        await portal.KnowAsync(ApiKey, Secret);
        await portal.KnowAsync(newer, newerSecret);
        var page = await portal.PageAsync();
        await page.SignInAsync("canary@example.test");
        await page.AddAccountAsync("canary", portal.Provider, "Canary", ApiKey, wrong);
        await page.Locator("[aria-invalid='true'], main .notice").First.WaitForAsync();
        await page.Named("Secret").FillAsync(Secret);
        await page.Primary().ClickAsync();
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}$");
        var account = Guid.Parse(page.Url[^36..]);

        await page.Locator("main button", new() { HasTextString = "Replace" }).First.ClickAsync();
        var secrets = page.Locator(".mud-dialog input");
        await secrets.Nth(0).FillAsync(newer);
        await secrets.Nth(1).FillAsync(newerSecret);
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.Locator(".mud-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await page.ImportAsync("canary", "Members", $"mobile,name\n{Imported},Mei\n86198770,bad\n");
        await page.OpenAsync("/t/canary/contacts/opt-outs");
        await page.Named("Text").FillAsync(OptedOut + "\n" + "not " + Typed);
        await page.Primary().ClickAsync();
        await page.Locator("main [role=status]", new() { HasTextRegex = new Regex("\\d") }).First.WaitForAsync();
        await page.OpenAsync("/t/canary/contacts");
        await page.Locator("main a[href*='/contacts/lists/']").First.ClickAsync();
        await page.Locator("[role=search] input").FillAsync(Sought);
        await page.Locator("[role=search] button[type=submit]").ClickAsync();
        await page.ArriveAsync("begins=");
        await page.ReloadAsync();
        await page.Locator("main h1").WaitForAsync();

        await page.ComposeAsync("canary", "Dawn", Text + " for {{name}}");
        await page.SendAsync(now: true);
        await page.WaitForBarAsync("Delivered", 1);
        await page.OpenAsync($"/t/canary/campaigns/new");
        await page.ArriveAsync("/edit");
        Mark("the browser's cookie", (await page.Context.CookiesAsync()).Single(c => c.Name == "portal.session").Value);
        await page.Context.CloseAsync();

        await portal.UseAsync<PasteNumbers, Result<Guid>>(p => p.RunAsync(owner, new(Pasted + ", nonsense"), default));
        await portal.UseAsync<AddOwnNumber, Result<string>>(a => a.RunAsync(owner, "+" + Own, default));
        return account;
    }

    /// <summary>Sign-in, second factor, letters, invitation: static forms.</summary>
    private async Task AtTheDoorAsync(Member owner)
    {
        var (wrong, reset, later, joined) = (Mark("a wrong password", "wrong " + Hex()), Mark("a new password", "reset " + Hex()), Mark("a later password", "later " + Hex()), Mark("a member's password", "joined " + Hex()));
        Mark("the owner's password", HostedPortal.Password);
        var browser = new Browser(portal.Address);
        await browser.SignInAsync("canary@example.test", wrong);
        await browser.SignInAsync("nobody@example.test", wrong);
        await browser.SignInAsync("canary@example.test", HostedPortal.Password);
        var page = await (await browser.GetAsync("/account/second-factor")).Content.ReadAsStringAsync();
        Mark("the seed of the app", Seed().Match(page).Value);
        await browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", "000000"));
        var codes = await (await browser.SubmitAsync("/account/second-factor", "second-factor", ("Form.Code", await CodeAsync("canary@example.test")))).Content.ReadAsStringAsync();
        var recovery = RecoveryCode().Matches(codes).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(recovery.Count >= 8, codes);
        recovery.ForEach(c => Mark($"recovery code {_marks.Count}", c));
        Mark("a cookie", browser.Cookies["portal.session"]);

        var second = new Browser(portal.Address);
        await second.SignInAsync("canary@example.test", HostedPortal.Password);
        await second.SubmitAsync("/account/second-step", "second-step", ("Form.Code", "not the code"));
        await second.SubmitAsync("/account/second-step", "second-step", ("Form.Code", recovery[0]));
        await second.SubmitAsync("/account/password", "password", ("Form.Old", wrong), ("Form.New", later));

        await second.SubmitAsync("/account/forgot", "forgot", ("Form.Email", "canary@example.test"));
        var code = Mark("the letter's code", await LetterAsync("canary@example.test"));
        await second.SubmitAsync("/account/reset", "reset", ("Form.Code", "made-up" + code[7..]), ("Form.Password", reset));
        await second.SubmitAsync("/account/reset", "reset", ("Form.Code", code), ("Form.Password", "short"));
        await second.SubmitAsync("/account/reset", "reset", ("Form.Code", code), ("Form.Password", reset));

        await portal.UseAsync<InviteMember, Result<Guid>>(i => i.RunAsync(owner, new("mate@example.test", MemberRole.Sender, "en"), default));
        var invitation = Mark("the invitation's code", await LetterAsync("mate@example.test"));
        var mate = new Browser(portal.Address);
        await mate.SubmitAsync("/account/invitation", "invitation", ("Form.Code", invitation));
        await mate.SubmitAsync("/account/invitation", "invitation", ("Form.Code", invitation), ("Form.Name", "Mate"), ("Form.Password", joined));
        Assert.Equal(HttpStatusCode.OK, (await mate.GetAsync("/t/canary/team")).StatusCode);
    }

    /// <summary>Every way in which the provider can fail, and what a person does then.</summary>
    private async Task AtTheProviderAsync(Member owner, Guid account)
    {
        object[] faults =
        [
            new { kind = "http500", times = 1 }, new { kind = "code999", times = 1 }, new { kind = "garbage", times = 1 }, new { kind = "reset", when = "after", times = 1 },
            new { kind = "hang", when = "after", times = 1, hangMs = 8000 }, new { kind = "halfReply", when = "after", times = 1 }, new { kind = "redirect", times = 1 },
            new { kind = "code", code = "108", times = 1 }, new { kind = "code", code = "111", times = 1 },
        ];
        foreach (var fault in faults)
        {
            await portal.FaultAsync(fault);
            var sending = await TestAsync(owner, account);
            await UntilAsync($"select not exists (select from app.batches where sending_id = '{sending}' and state in ('planned', 'claimed', 'dispatching')) or exists (select from app.accounts where id = '{account}' and state <> 'active')");
        }
        var doubt = await portal.Database.AdminScalarAsync<Guid>("select sending_id from app.batches where state = 'in_doubt' limit 1");
        await portal.Get<CountAsSent>().RunAsync(owner, new DoubtChoice(doubt), default);
        await portal.Get<SendAgain>().RunAsync(owner, new DoubtChoice(await portal.Database.AdminScalarAsync<Guid>("select sending_id from app.batches where state = 'in_doubt' limit 1")), default);
        await portal.Get<CheckAgain>().RunAsync(owner, account, default);
    }

    /// <summary>A test message; an account that the last fault has stopped goes on.</summary>
    private async Task<Guid> TestAsync(Member owner, Guid account)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            await portal.Database.AdminAsync($"update app.accounts set state = 'active', stopped_code = null where id = '{account}'");
            if ((await portal.Get<SendTest>().RunAsync(owner, account, "+" + Tested, Text, default)) is { Ok: true } sent)
                return sent.Value;
            await Task.Delay(50);
        }
        throw new InvalidOperationException("The account does not send.");
    }

    /// <summary>Receipts that are right, wrong, nobody's and nonsense, over both kinds of address.</summary>
    private async Task AtTheWebhookAsync(Member owner, Guid account)
    {
        var own = (await portal.Get<IssueOwnAddress>().RunAsync(owner, account, default)).Value.Token;
        Mark("the address of one's own", own);
        var stranger = Mark("an unknown apikey", Base64());
        var task = await portal.Database.AdminScalarAsync<string>("select task_id from app.attempts where task_id is not null limit 1");
        foreach (var path in (string[])["/receipts", "/receipts/" + own, "/receipts/" + own + "x"])
        {
            foreach (var body in (string[])[
                $$"""{"apikey":"{{ApiKey}}","taskid":"{{task}}","mobile":"{{Pushed}}","status":"DELIVRD","times":"2026-01-01 00:00:00"}""",
                $$"""{"apikey":"{{stranger}}","taskid":1,"mobile":"{{Pushed}}","status":"DELIVRD"}""",
                $$"""{"apikey":"{{ApiKey}}","mobile":"{{Pushed}}",,,""",
                $"apikey={ApiKey}&mobile={Pushed}",
                ApiKey + new string('x', 5000)])
            {
                Assert.Equal(HttpStatusCode.OK, (await portal.PushAsync(path, new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode);
            }
        }
        await UntilAsync("select not exists (select from infra.receipt_inbox)");
    }

    private async Task InTheVaultAsync(Member owner, Guid account)
    {
        Assert.Equal(0, (await portal.Get<RewrapKeys>().RunAsync(default)).Failed);
        Assert.Equal(0, (await portal.Get<VaultStatus>().RunAsync(check: true, default)).Unreadable);
        await portal.Get<RotateTenantKey>().RunAsync(owner.TenantId, default);
        await portal.Get<CheckAgain>().RunAsync(owner, account, default);
    }

    /// <summary>Errors of our own, with what was sent in their reach; what a browser is shown of them is kept.</summary>
    private async Task ErrorsAsync(Member owner)
    {
        var browser = new Browser(portal.Address);
        var (_, email) = await MemberAsync(owner);
        await browser.SignInAsync(email, HostedPortal.Password);
        await portal.Database.AdminAsync("alter table app.contacts rename to contacts_away; alter table ident.memberships rename to memberships_away");
        foreach (var path in (string[])["/t/canary", $"/t/canary/contacts?begins={Sought}", "/"])
            _errorPages.Add(await (await browser.GetAsync(path)).Content.ReadAsStringAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => portal.UseAsync<ListPage, ListView?>(l => l.RunAsync(owner, new(Guid.NewGuid(), Sought, 1), default)));
        await portal.Database.AdminAsync("alter table app.contacts_away rename to contacts; alter table ident.memberships_away rename to memberships");
        foreach (var path in (string[])["/t/nobody", "/operator/tenants", $"/t/canary/contacts/lists/{Guid.NewGuid()}?begins={Sought}", "/no/such/page"])
            _errorPages.Add(await (await browser.GetAsync(path)).Content.ReadAsStringAsync());
        foreach (var (path, form) in ((string, Dictionary<string, string>)[])[("/account/sign-in", new() { ["_handler"] = "sign-in", ["Form.Password"] = HostedPortal.Password }), ($"/t/canary/contacts/import/upload?name={Sought}", [])])
            _errorPages.Add(await (await browser.PostAsync(path, form)).Content.ReadAsStringAsync());
        // The database's own words name the value that stands in the way: they must not come as far.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var db = portal.Get<PortalDbFactory>().Create(owner.Scope);
            db.Add(new Contact { TenantId = owner.TenantId, Number = Imported });
            await db.SaveChangesAsync();
        });
    }

    /// <summary>The verbs of the command line, each a process of its own that talks as much as it can.</summary>
    private async Task AdminAsync()
    {
        var password = Mark("an operator's password", "operator " + Hex());
        string[][] verbs =
        [
            ["operator", "create", "--email", "canary-operator@example.test", "--password", password],
            ["tenant", "create", "Canary Two", "--slug", "canary-two", "--owner", "two@example.test", "--password", password],
            ["person", "reset", "--email", "two@example.test"],
            ["vault", "status", "--check"],
            ["vault", "rewrap"],
            ["dispatch", "status"],
        ];
        foreach (var verb in verbs)
            _errorPages.AddRange((await PortalProcess.AdminAsync(portal.Database, "Trace", verb)).Split('\n').Select(l => "of admin: " + l));
    }

    /// <summary>The signatures that went out: of each attempt's timestamp with either pair.</summary>
    private async Task SignsAsync(Guid account)
    {
        var timestamps = await ReadAsync($"select distinct timestamp::text from app.attempts where account_id = '{account}'");
        Assert.NotEmpty(timestamps);
        foreach (var timestamp in timestamps)
        {
            foreach (var (key, secret) in ((string, string)[])[(ApiKey, Secret), (_marks["a newer apikey"], _marks["a newer apisecret"])])
#pragma warning disable CA5351 // The provider's signature is MD5.
                Mark($"the sign of {timestamp} {key[..4]}", Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(key + timestamp + secret))));
#pragma warning restore CA5351
        }
    }

    private async Task<(Guid Id, string Email)> MemberAsync(Member owner)
    {
        const string email = "error@example.test";
        var id = (await portal.UseAsync<CreateUser, Result<Guid>>(c => c.RunAsync(new(email, HostedPortal.Password), default))).Value;
        await portal.Database.AdminAsync($"insert into ident.memberships (tenant_id, user_id, role, created_at) values ('{owner.TenantId}', '{id}', 'owner', now())");
        return (id, email);
    }

    /// <summary>The code of the newest letter that has one.</summary>
    private async Task<string> LetterAsync(string email)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (portal.Mail.To(email).Select(MailCatcher.CodeOf).LastOrDefault(c => c.Length > 0) is { } code)
                return code;
            await Task.Delay(50);
        }
        throw new InvalidOperationException("No letter with a code came to " + email);
    }

    private async Task<string> CodeAsync(string email) =>
        await portal.UseAsync<FactorCode, string?>(f => f.OfAsync(email.ToUpperInvariant(), default)) ?? throw new InvalidOperationException("No app.");

    private async Task<IEnumerable<string>> RowsAsync(string schema, string? only = null)
    {
        var rows = new List<string>();
        foreach (var table in await ReadAsync($"select tablename::text from pg_tables where schemaname = '{schema}' and ('{only}' in ('', tablename))"))
            rows.AddRange((await ReadAsync($"select t::text from {schema}.{table} t")).Select(r => $"{schema}.{table} {r}"));
        return rows;
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task UntilAsync(string condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await portal.Database.AdminScalarAsync<bool>(condition))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), condition);
            await Task.Delay(50);
        }
    }

    private string Mark(string what, string value) => _marks[what] = value;

    private static string Hex() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Base64() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    private static string Around(string line, string value)
    {
        var at = line.IndexOf(value, StringComparison.OrdinalIgnoreCase);
        return string.Create(CultureInfo.InvariantCulture, $"{line[..Math.Min(line.Length, 120)]} … {line[Math.Max(0, at - 120)..Math.Min(line.Length, at + 60)]}").ReplaceLineEndings(" ");
    }

    [GeneratedRegex("(?<=data-copy=\")[A-Z2-7]{16,}(?=\")", RegexOptions.None, 1000)]
    private static partial Regex Seed();

    [GeneratedRegex("(?<=>)[a-z2-9]{7}(?:-[a-z2-9]{7}){3}(?=<)", RegexOptions.None, 1000)]
    private static partial Regex RecoveryCode();
}
