using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>The provider takes a request and never answers: the page shows it, and a person decides.</summary>
public sealed class InDoubtTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    private static readonly (string Name, string Locale, int Width, bool Dark)[] _looks = [("dark", "en-GB", 1280, true), ("zh", "zh-CN", 1280, false), ("narrow", "en-GB", 390, false)];

    [Fact]
    public async Task A_request_in_doubt_is_shown_and_counted_as_sent()
    {
        await portal.TenantAsync("Lantern Doubt", "doubt", "doubt@example.test");
        await portal.Database.AdminAsync("update app.tenant_settings set undo_seconds = 1");
        // Its receipts come much later: nothing but a person settles it here.
        var (apiKey, secret) = await portal.KeyPairAsync(delayMs: 600_000);
        var page = await portal.PageAsync();
        await page.SignInAsync("doubt@example.test");
        await page.OpenAsync("/t/doubt/doubts");
        await page.GetByText("Nothing is in doubt").WaitForAsync();
        await page.AddAccountAsync("doubt", portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.ImportAsync("doubt", "Members", "mobile,name\n+86 198 0000 3010,Mei\n8619800003020,Bo\n+8619800003030,李雷\n");
        // Hangs for a while and is cut then: the time-out of a request is the operator's to set.
        await portal.FaultAsync(new { kind = "hang", when = "after", times = 1, hangMs = 3000, apikey = apiKey });
        await page.ComposeAsync("doubt", "Winter tasting", "Hello everybody");
        await page.SendAsync(now: true);
        await page.WaitForBarAsync("In doubt", 3);
        await page.Locator(".notice a[href*='/doubts?campaign=']").ClickAsync();
        // The campaign's own table gives the same reason in each of its rows: wait for the other page.
        await page.GetByRole(AriaRole.Heading, new() { Name = "In doubt", Level = 1 }).WaitForAsync();

        var row = page.Locator("main tbody tr");
        await row.GetByText("Connection cut after the request left").WaitForAsync();
        Assert.Contains("May be sent again from", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.GetByRole(AriaRole.Button, new() { Name = "Send to 3 people again" }).IsDisabledAsync());
        Assert.DoesNotContain("8619800003010", await page.ContentAsync(), StringComparison.Ordinal);
        await BrowserFixture.PictureAsync(page, "doubts");
        await PicturesAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Count 3 people as sent" }).ClickAsync();
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.GetByText("Nothing is in doubt").WaitForAsync();

        await page.OpenAsync("/t/doubt/campaigns");
        await page.GetByRole(AriaRole.Link, new() { Name = "Winter tasting" }).ClickAsync();
        await page.WaitForBarAsync("Sent", 3);
        await page.GetByText("counted 3 people in doubt as sent").WaitForAsync();
        Assert.Equal(3, (await portal.LedgerNumbersAsync(apiKey)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private async Task PicturesAsync()
    {
        foreach (var (name, locale, width, dark) in _looks)
        {
            var page = await portal.PageAsync(locale, width, dark: dark);
            await page.SignInAsync("doubt@example.test");
            await page.OpenAsync("/t/doubt/doubts");
            await page.Locator("main tbody tr").WaitForAsync();
            // Nothing is wider than the page, whatever its width.
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
            await BrowserFixture.PictureAsync(page, "doubts-" + name);
            await page.Context.CloseAsync();
        }
    }
}
