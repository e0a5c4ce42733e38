using Microsoft.Playwright;
using Npgsql;
using Portal.Accounts;
using Portal.Campaigns;
using Portal.Contacts;
using Portal.IntegrationTests.Members;
using Portal.Members;
using Portal.Tenants;

namespace Portal.BrowserTests;

/// <summary>
/// Every page of the portal, with markup in every text of a tenant: none of it becomes an element, nothing is run, and the
/// browser finds nothing that the content security policy forbids.
/// </summary>
[Collection(Hosted.Name)]
public sealed class EveryPageTests(HostedPortal portal)
{
    private const string Slug = "markup";
    private const string Email = "markup@example.test";

    // As much as fits into a column; all of them end a tag's attribute and make an element of their own.
    private static readonly (int Length, string Text)[] _canaries =
    [
        (76, "'\"></a></script><svg/onload=xss=1><img src=canary onerror=xss=1>{{7*7}}${7*7}"),
        (40, "'\"><img src=canary onerror=xss=1>"),
        (20, "\"><b canary>x</b>"),
        (10, "<b canary>"),
    ];

    // Read by a machine: another text there is no text of a tenant's, but a broken row.
    private static readonly HashSet<string> _words = new(StringComparer.Ordinal)
    {
        "accounts.base_address", "attempts.timestamp", "audit_entries.action", "batches.why", "campaigns.missed_why", "campaigns.repeat_rule", "campaigns.time_zone", "campaigns.wake_job",
        "contacts.country", "import_problems.reason", "invitations.culture", "invitations.normalized_email", "receipt_tokens.hash", "receipts.status", "schedules.rule", "schedules.time_zone",
        "sendings.number", "sendings.prepared_to", "sendings.waits_for", "tenant_settings.country", "tenant_settings.time_zone", "tenants.slug", "accounts.stopped_code", "list_members.number",
        "stray_receipts.number", "users.email", "users.user_name", "users.normalized_email", "users.normalized_user_name", "users.password_hash", "users.security_stamp", "users.concurrency_stamp",
        "users.culture", "users.phone_number", "attempts.why", "accounts.checked_code", "attempts.code", "quiet_hours.country",
    };

    [Fact]
    public async Task No_text_of_a_tenant_becomes_markup_on_any_page_and_no_page_breaks_the_policy()
    {
        var ids = await FillAsync();
        var changed = await MarkAsync();
        Assert.True(changed >= 20, $"only {changed} columns were marked");

        var person = await ReadyAsync("en-GB", 1280);
        await person.Page.SignInAsync(Email);
        string[] pages = [.. TenantPages().Select(p => Address(p, ids))];
        Assert.True(pages.Length >= 19, $"only {pages.Length} pages");
        foreach (var page in pages)
            await LookAsync(person, page);
        await OpenAllAsync(person, $"/t/{Slug}/accounts/{ids[Subject.Account]}");
        await FindAsync(person);
        foreach (var page in (string[])["/account/security", "/account/password", "/account/second-factor", "/account/confirm", "/"])
            await LookAsync(person, page);

        // In the other language and narrow: other markup.
        var narrow = await ReadyAsync("zh-CN", 390);
        await narrow.Page.SignInAsync(Email);
        foreach (var page in pages)
            await LookAsync(narrow, page);

        var stranger = await ReadyAsync("en-GB", 1280);
        foreach (var page in (string[])["/account/sign-in", "/account/forgot", "/account/reset", "/account/invitation", "/status/404", "/status/403", "/status/500", "/account/denied"])
            await LookAsync(stranger, page);

        var ops = await ReadyAsync("en-GB", 1280);
        await OperatorAsync(ops);
        foreach (var page in (string[])["/operator/tenants", $"/operator/tenants/{ids.Tenant}", "/operator/receipts", "/operator/audit", "/operator/usage", "/operator/system", "/operator/jobs", "/operator/jobs/recurring", "/operator/jobs/servers", "/operator/jobs/jobs/succeeded"])
            await LookAsync(ops, page);
        await portal.UseAsync<SuspendTenant, Result<Guid>>(s => s.RunAsync(Operator.Console, ids.Tenant, _canaries[0].Text, default));
        await LookAsync(narrow, $"/t/{Slug}");
        await LookAsync(ops, "/operator/tenants");
        await portal.UseAsync<ResumeTenant, Result<Guid>>(r => r.RunAsync(Operator.Console, ids.Tenant, default));

        // No page for strangers opened a socket; the others did.
        Assert.Equal((0, true), (stranger.Sockets.Count, person.Sockets.Count > 0));
        Assert.True(person.Seen + narrow.Seen + stranger.Seen + ops.Seen >= 50);
    }

    /// <summary>The check itself: what it looks for is found where it is.</summary>
    [Fact]
    public async Task Markup_and_a_broken_policy_would_be_found()
    {
        var visit = await ReadyAsync("en-GB", 1280);
        await visit.Page.GotoAsync("/account/sign-in");
        await visit.Page.EvaluateAsync("text => document.querySelector('h1').innerHTML = text", "<img src=canary onerror=xss=1>");
        Assert.NotEqual(0, await visit.Page.EvaluateAsync<int>(Elements));
        await visit.Page.WaitForFunctionAsync("() => window.violations.length > 0");
        Assert.False(await visit.Page.EvaluateAsync<bool>("'xss' in window"));
    }

    private const string Elements = "document.querySelectorAll('[src=\"canary\"], [canary], [onload], [onerror]').length";

    private static async Task LookAsync(Visit visit, string path)
    {
        var page = visit.Page;
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await page.Locator("h1, .navbar-brand").First.WaitForAsync();
        // A page with a circuit is drawn when nothing more comes.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await CheckAsync(visit, path);
        visit.Seen++;
    }

    private static async Task CheckAsync(Visit visit, string where)
    {
        Assert.True(await visit.Page.EvaluateAsync<int>(Elements) == 0, $"{where} has an element made of text:\n{await visit.Page.ContentAsync()}");
        Assert.False(await visit.Page.EvaluateAsync<bool>("'xss' in window"), $"{where} ran a text");
        var violations = await visit.Page.EvaluateAsync<string[]>("window.violations");
        Assert.True(violations.Length == 0 && visit.Errors.Count == 0, $"{where}: {string.Join("; ", violations.Concat(visit.Errors))}");
        Assert.False(await visit.Page.Locator("#blazor-error-ui, .blazor-error-boundary").Filter(new() { Visible = true }).CountAsync() > 0, where);
    }

    /// <summary>Presses what opens a dialog on a page, looks, and closes it.</summary>
    private static async Task OpenAllAsync(Visit visit, string path)
    {
        await visit.Page.OpenAsync(path);
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var opened = 0;
        foreach (var name in (string[])["Send a test message", "Test the key pair", "Disable", "Replace"])
        {
            var button = visit.Page.Locator("main button", new() { HasTextString = name }).First;
            if (await button.CountAsync() == 0 || !await button.IsEnabledAsync())
                continue;
            await button.ClickAsync();
            await visit.Page.Locator(".mud-dialog").WaitForAsync();
            await CheckAsync(visit, $"{path}: {name}");
            await visit.Page.Locator(".mud-dialog-actions button").First.ClickAsync();
            await visit.Page.Locator(".mud-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            opened++;
        }
        Assert.True(opened >= 3, $"only {opened} dialogs opened");
    }

    /// <summary>What a person types comes back into the page and the address.</summary>
    private static async Task FindAsync(Visit visit)
    {
        await visit.Page.OpenAsync($"/t/{Slug}/contacts");
        var list = await visit.Page.Locator("main a[href*='/contacts/lists/']").First.GetAttributeAsync("href");
        await visit.Page.OpenAsync("/" + list!.TrimStart('/'));
        await visit.Page.Locator("[role=search] input").FillAsync(_canaries[0].Text);
        await visit.Page.Locator("[role=search] button[type=submit]").ClickAsync();
        await visit.Page.ArriveAsync("begins=");
        await CheckAsync(visit, "a search");
        await visit.Page.ReloadAsync();
        await visit.Page.Locator("main h1").WaitForAsync();
        await CheckAsync(visit, "a search, loaded anew");
    }

    private async Task<Visit> ReadyAsync(string locale, int width)
    {
        var page = await portal.PageAsync(locale, width);
        await page.AddInitScriptAsync("window.violations = []; document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))");
        var visit = new Visit(page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
                visit.Errors.Add(message.Text);
        };
        page.PageError += (_, error) => visit.Errors.Add(error);
        page.WebSocket += (_, socket) => visit.Sockets.Add(socket.Url);
        page.Dialog += async (_, dialog) =>
        {
            visit.Errors.Add("a text opened a dialog: " + dialog.Message);
            await dialog.DismissAsync();
        };
        return visit;
    }

    private async Task OperatorAsync(Visit visit)
    {
        var email = $"ops-{Guid.NewGuid():N}@example.test";
        await portal.UseAsync<CreateUser, Result<Guid>>(c => c.RunAsync(new(email, HostedPortal.Password, IsOperator: true), default));
        var page = visit.Page;
        await page.GotoAsync("/account/sign-in");
        await page.Named("Form.Email").FillAsync(email);
        await page.Named("Form.Password").FillAsync(HostedPortal.Password);
        await page.Primary().ClickAsync();
        await page.Locator("a[href*='second-factor']").First.ClickAsync();
        await page.Named("Form.Code").FillAsync((await portal.UseAsync<FactorCode, string?>(f => f.OfAsync(email.ToUpperInvariant(), default)))!);
        await page.Primary().ClickAsync();
        await page.Locator(".below a.btn.primary").WaitForAsync();
        await CheckAsync(visit, "a new second factor");
    }

    /// <summary>One of everything that has a text.</summary>
    private async Task<Filled> FillAsync()
    {
        var owner = await portal.TenantAsync("Markup", Slug, Email);
        var (key, secret) = (Convert.ToBase64String(Guid.NewGuid().ToByteArray()), Guid.NewGuid().ToString("N"));
        await portal.KnowAsync(key, secret);
        var account = (await portal.Get<AddAccount>().RunAsync(owner, new(new AccountSettings("Main"), portal.Provider, AccountKind.Both, new TypedKeyPair(key, secret)), default)).Value;
        var import = await ImportAsync(owner, "mobile,name\n8619877002001,Mei\n8619877002002,Bo\nnonsense,Li\n");
        var list = (await portal.Get<Lists>().RunAsync(owner, default))[0].Id;
        await portal.Get<StartImport>().RunAsync(owner, new("open.csv", new MemoryStream("mobile,name\n8619877002003,Wei\n"u8.ToArray())), default);
        await portal.Get<SuppressNumbers>().RunAsync(owner, new("8619877002009", default), default);
        await portal.Get<AddOwnNumber>().RunAsync(owner, "+8619877002008", default);
        await portal.UseAsync<InviteMember, Result<Guid>>(i => i.RunAsync(owner, new("invited@example.test", MemberRole.Sender, "en"), default));

        var campaign = await DraftAsync(owner, account, list, "Hello {{name}}", null);
        var sent = await portal.Get<ScheduleCampaign>().RunAsync(owner, new(campaign, (await portal.Get<CampaignDraft>().RunAsync(owner, campaign, default))!.Version, AcceptSkips: true), default);
        Assert.True(sent.Ok, string.Join(',', sent.Problems.Select(p => p.Code)));
        var draft = await DraftAsync(owner, account, list, "Hello", null);
        var repeated = await DraftAsync(owner, account, list, "Hello", new RepeatInput("daily 1 09:00", null, null, null));
        var schedule = await ScheduleAsync(owner, account, list);
        await UntilAsync($"select exists (select from app.campaigns c join app.sendings s on s.tenant_id = c.tenant_id and s.id = c.sending_id where c.id = '{campaign}' and s.state not in ('preparing', 'running'))");
        return new(owner.TenantId, new() { [Subject.Account] = account, [Subject.Import] = import, [Subject.List] = list, [Subject.Campaign] = campaign, [Subject.Schedule] = schedule }, draft, repeated);
    }

    private async Task<Guid> ImportAsync(Member owner, string csv)
    {
        var import = (await portal.Get<StartImport>().RunAsync(owner, new("people.csv", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv))), default)).Value;
        await portal.Get<RunImport>().RunAsync(owner, new(import, new CsvLayout(',', HasHeader: true), new ImportMapping(0, [null, "name"]), null, "Members", null), default);
        return import;
    }

    private async Task<Guid> DraftAsync(Member owner, Guid account, Guid list, string text, RepeatInput? repeat)
    {
        var id = await portal.Get<CreateDraft>().RunAsync(owner, new("Winter", "Asia/Shanghai"), default);
        var draft = (await portal.Get<CampaignDraft>().RunAsync(owner, id, default))!;
        await portal.Get<SaveDraft>().RunAsync(owner, new(id, draft.Version, "Winter", [list], account, text, null, null, "Asia/Shanghai", repeat), default);
        return id;
    }

    private async Task<Guid> ScheduleAsync(Member owner, Guid account, Guid list)
    {
        var id = Guid.CreateVersion7();
        await using var db = portal.Get<Data.PortalDbFactory>().Create(owner.Scope);
        var now = TimeProvider.System.GetUtcNow();
        db.Add(new Schedule
        {
            TenantId = owner.TenantId,
            Id = id,
            Name = "Daily",
            AccountId = account,
            ListIds = [list],
            Text = "Hello",
            TimeZone = "Asia/Shanghai",
            Rule = "daily 1 09:00",
            StartsOn = new DateOnly(2026, 1, 1),
            State = ScheduleState.Paused,
            CreatedBy = owner.UserId,
            CreatedByName = "Owner",
            CreatedAt = now,
            ChangedBy = owner.UserId,
            ChangedByName = "Owner",
            ChangedAt = now,
        });
        await db.SaveChangesAsync();
        return id;
    }

    /// <summary>Puts markup into every column of text of the tenant's, and of its people's.</summary>
    private async Task<int> MarkAsync()
    {
        await using var admin = await portal.Database.OpenAdminAsync();
        await ExecuteAsync(admin, "set session_replication_role = replica");
        var columns = new List<(string Table, string Column, string Type, int Most)>();
        await using (var command = new NpgsqlCommand("""
            select c.relnamespace::regnamespace || '.' || c.relname, a.attname, format_type(a.atttypid, null), case when a.atttypmod > 4 then a.atttypmod - 4 else 1000 end
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where (c.relnamespace = 'app'::regnamespace or (c.relnamespace = 'ident'::regnamespace and c.relname in ('tenants', 'users', 'invitations', 'sessions'))) and c.relkind in ('r', 'p') and not c.relispartition
              and format_type(a.atttypid, null) in ('text', 'character varying', 'text[]', 'jsonb') and a.attidentity = '' and a.attgenerated = ''
              and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey))
            """, admin))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        }
        var changed = 0;
        foreach (var (table, column, type, most) in columns)
        {
            if (_words.Contains($"{table.Split('.')[1]}.{column}") || _canaries.Where(c => c.Length <= most).Select(c => c.Text).FirstOrDefault() is not { } text)
                continue;
            var value = type switch
            {
                "text[]" => $"array(select case when x ~ '^[-0-9:.,TZ ]*$' then x else $c${text}$c$ end from unnest({column}) x)",
                "jsonb" => $"(select coalesce(jsonb_object_agg(k, $c${text}$c$), '{{}}') from jsonb_object_keys({column}) k)",
                _ => $"$c${text}$c$",
            };
            try
            {
                changed += await ExecuteAsync(admin, $"update {table} set {column} = {value} where {column} is not null") > 0 ? 1 : 0;
            }
            catch (PostgresException e) when (e.SqlState is "23514" or "23505")
            {
                // A word out of a list, or one that no other row may have: no text of a tenant's.
            }
        }
        return changed;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection admin, string sql)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        return await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<(string Pattern, Subject? About)> TenantPages() =>
        from type in typeof(Web.Program).Assembly.GetTypes()
        from route in type.GetCustomAttributes(typeof(Microsoft.AspNetCore.Components.RouteAttribute), inherit: false).Cast<Microsoft.AspNetCore.Components.RouteAttribute>()
        where route.Template.StartsWith("/t/", StringComparison.Ordinal)
        let about = (Web.Tenants.PageAboutAttribute?)Attribute.GetCustomAttribute(type, typeof(Web.Tenants.PageAboutAttribute))
        select (route.Template, about?.Subject);

    private static string Address((string Pattern, Subject? About) page, Filled filled)
    {
        var id = page.Pattern.EndsWith("campaigns/{Id:guid}/edit", StringComparison.Ordinal) ? filled.Draft : page.About is { } about ? filled[about] : Guid.Empty;
        return page.Pattern.Replace("{Slug}", Slug, StringComparison.Ordinal).Replace("{Id:guid}", id.ToString(), StringComparison.Ordinal);
    }

    private async Task UntilAsync(string condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await portal.Database.AdminScalarAsync<bool>(condition))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), condition);
            await Task.Delay(100);
        }
    }

    private sealed record Filled(Guid Tenant, Dictionary<Subject, Guid> Ids, Guid Draft, Guid Repeated)
    {
        public Guid this[Subject subject] => Ids[subject];
    }

    private sealed class Visit(IPage page)
    {
        public IPage Page => page;

        public List<string> Errors { get; } = [];

        public List<string> Sockets { get; } = [];

        public int Seen { get; set; }
    }
}
