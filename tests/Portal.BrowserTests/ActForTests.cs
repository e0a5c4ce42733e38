using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>An operator acts for a tenant, sees and changes what they may, and the tenant reads that they did.</summary>
public sealed class ActForTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    private const string Reason = "Ticket 4711: campaign does not start";

    [Fact]
    public async Task With_a_reason_under_a_banner_looking_only_and_told_to_the_tenant()
    {
        await portal.TenantAsync("Harbour Books", "harbour-books", "owner@harbour.test");
        var ops = await portal.OperatorAsync();
        await ops.GetByRole(AriaRole.Link, new() { Name = "Harbour Books" }).ClickAsync();
        await ops.GetByRole(AriaRole.Button, new() { Name = "Act for it" }).ClickAsync();
        await ops.GetByText("Say why: the tenant will read it.").WaitForAsync();
        await ops.Named("Reason").FillAsync(Reason);
        await ops.GetByRole(AriaRole.Button, new() { Name = "Act for it" }).ClickAsync();

        await ops.ArriveAsync("/t/harbour-books$");
        var banner = ops.Locator(".acting");
        await banner.GetByText(Reason).WaitForAsync();
        await BrowserFixture.PictureAsync(ops, "acting");

        // Neither pages nor keys: what changes something is not offered, and refused where its address is typed.
        await ops.OpenAsync("/t/harbour-books/campaigns");
        Assert.Equal(0, await ops.Locator("main a[href$='/campaigns/new']").CountAsync());
        Assert.Equal(0, await ops.Locator("nav a[href$='/audit']").CountAsync());
        foreach (var path in (string[])["accounts/new", "campaigns/new", "contacts/import"])
        {
            await ops.GotoAsync($"/t/harbour-books/{path}");
            await banner.WaitForAsync();
            Assert.Equal(0, await ops.Locator("[name=Secret], [name=ApiKey], [name=File], main .btn.primary").CountAsync());
        }
        Assert.Equal(0L, await portal.Database.AdminScalarAsync<long>("select (select count(*) from app.campaigns) + (select count(*) from app.accounts)"));

        var owner = await portal.PageAsync();
        await owner.SignInAsync("owner@harbour.test");
        await owner.OpenAsync("/t/harbour-books/audit");
        var entry = owner.Locator("tr", new() { HasText = Reason });
        await entry.GetByText("operator", new() { Exact = true }).WaitForAsync();
        await BrowserFixture.PictureAsync(owner, "audit");

        await banner.GetByRole(AriaRole.Button).ClickAsync();
        await ops.ArriveAsync("/operator/tenants/");
        await ops.GotoAsync("/t/harbour-books");
        await ops.GetByText("Not found").First.WaitForAsync();
        await owner.ReloadAsync();
        await owner.GetByText("Ended acting for the company").WaitForAsync();
    }

    [Fact]
    public async Task The_audit_is_filtered_in_its_address_and_taken_along()
    {
        await portal.TenantAsync("Quay Tea", "quay-tea", "ann@quay.test");
        var page = await portal.PageAsync();
        await page.SignInAsync("ann@quay.test");
        await page.OpenAsync("/t/quay-tea/contacts");
        await portal.Database.AdminAsync("""
            insert into app.audit_entries (tenant_id, id, at, actor_id, subject_id, action, details)
            select t.id, gen_random_uuid(), now(), u.id, t.id, x.action, x.details
            from ident.tenants t, ident.users u, (values ('list_created', array['Regulars']), ('password_changed', array['Ann'])) x (action, details)
            where t.slug = 'quay-tea' and u.email = 'ann@quay.test'
            """);
        await page.OpenAsync("/t/quay-tea/audit");
        await page.GetByText("Made the list “Regulars”").WaitForAsync();
        await page.GetByText("Changed the password").WaitForAsync();

        await page.Named("What").SelectOptionAsync("sign_in");
        await page.ArriveAsync("/audit\\?what=sign_in$");
        await page.GetByText("Made the list “Regulars”").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByText("Changed the password").WaitForAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!);
        Assert.Equal(2, lines.Length);
        Assert.Contains("Changed the password", lines[1], StringComparison.Ordinal);

        // The address says what is shown: loaded again it is the same.
        await page.ReloadAsync();
        await page.GetByText("Changed the password").WaitForAsync();
        Assert.Equal(0, await page.GetByText("Made the list").CountAsync());
    }
}
