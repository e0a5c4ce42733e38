using System.IO.Compression;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>An operator has a tenant deleted, its owner reads it and takes everything along, and it is called off; what is kept, and for how long.</summary>
public sealed class TenantEndTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    private const string Company = "Harbour Books";

    [Fact]
    public async Task A_countdown_is_seen_by_the_owner_who_takes_everything_along_and_is_called_off()
    {
        await portal.TenantAsync(Company, "harbour-books", "owner@harbour.test");
        var ops = await portal.OperatorAsync();
        await ops.GetByRole(AriaRole.Link, new() { Name = Company }).ClickAsync();
        var ask = ops.GetByRole(AriaRole.Button, new() { Name = "Begin the countdown" });
        await ops.Named("DeleteName").FillAsync("Harbour");
        Assert.True(await ask.IsDisabledAsync());
        // Somebody left the browser open: the name alone is not enough.
        await portal.Database.AdminAsync("update ident.sessions set confirmed_at = now() - interval '1 hour'");
        await ops.Named("DeleteName").FillAsync(Company);
        await ask.ClickAsync();
        await ops.ConfirmAsync();
        await ops.GetByText("Will be deleted in 7 days").WaitForAsync();
        await BrowserFixture.PictureAsync(ops, "deletion");

        var owner = await portal.PageAsync();
        await owner.SignInAsync("owner@harbour.test");
        await owner.OpenAsync("/t/harbour-books/contacts");
        await owner.GetByText("This company will be deleted.").WaitForAsync();
        await owner.GetByRole(AriaRole.Link, new() { Name = "Export everything" }).ClickAsync();
        var download = await owner.RunAndWaitForDownloadAsync(() => owner.GetByRole(AriaRole.Link, new() { Name = "Download the zip" }).ClickAsync());
        Assert.Equal("harbour-books.zip", download.SuggestedFilename);
        await using (var zip = await ZipFile.OpenReadAsync((await download.PathAsync())!))
        {
            using var audit = new StreamReader(await zip.GetEntry("audit_entries.jsonl")!.OpenAsync());
            Assert.Contains("deletion_asked", await audit.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await ops.ReloadAsync();
        await ops.GetByText("An owner last exported everything").WaitForAsync();
        await ops.GetByRole(AriaRole.Button, new() { Name = "Call it off" }).ClickAsync();
        await ask.WaitForAsync();
        await owner.OpenAsync("/t/harbour-books/contacts");
        Assert.Equal(0, await owner.GetByText("This company will be deleted.").CountAsync());
    }

    [Fact]
    public async Task An_owner_is_asked_twice_before_anything_is_kept_for_a_shorter_time()
    {
        await portal.TenantAsync("Quay Tea", "quay-tea", "ann@quay.test");
        var owner = await portal.PageAsync();
        await owner.SignInAsync("ann@quay.test");
        await owner.OpenAsync("/t/quay-tea/settings");
        await portal.Database.AdminAsync("update ident.sessions set confirmed_at = now() - interval '1 hour'");
        var keep = owner.Locator("form", new() { Has = owner.Named("MessagesDays") });
        await owner.Named("MessagesDays").FillAsync("30");

        // Thought better of: nothing is changed.
        await keep.Locator("button[type=submit]").ClickAsync();
        await owner.Locator(".mud-dialog-actions button").First.ClickAsync();
        await owner.Locator(".mud-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(0L, await KeptAsync());

        await keep.Locator("button[type=submit]").ClickAsync();
        await owner.GetByText("Nobody can bring it back").WaitForAsync();
        await owner.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await owner.ConfirmAsync();
        await keep.GetByText("Saved").WaitForAsync();

        Assert.Equal(30L, await KeptAsync());
    }

    private Task<long> KeptAsync() => portal.Database.AdminScalarAsync<long>(
        "select coalesce(s.keep_messages_days, 0)::bigint from app.tenant_settings s join ident.tenants t on t.id = s.tenant_id where t.slug = 'quay-tea'");
}
