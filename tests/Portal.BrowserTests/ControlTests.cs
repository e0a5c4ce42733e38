using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>A person changes their mind: takes a campaign back before it starts, holds it while it runs, lets it go on, calls off the rest.</summary>
public sealed class ControlTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    private const int People = 60;

    private static readonly Regex _sent = new("Sent\\s*([\\d,]+)");

    [Fact]
    public async Task A_campaign_is_undone_paused_resumed_and_cancelled()
    {
        await portal.TenantAsync("Lantern Control", "control", "control@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync(delayMs: 600_000);
        var page = await portal.PageAsync();
        await page.SignInAsync("control@example.test");
        await page.AddAccountAsync("control", portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Lantern", Level = 1, Exact = true }).WaitForAsync();
        // One person a request and two requests a second: half a minute in which to press the buttons.
        await page.Named("Rate").FillAsync("2");
        await page.Named("BatchSize").FillAsync("1");
        await page.Locator("main button", new() { HasTextString = "Save" }).ClickAsync();
        await page.GetByText("2 requests/s").WaitForAsync();
        await page.ImportAsync("control", "Members", "mobile\n" + string.Join('\n', Enumerable.Range(0, People).Select(i => $"86198000{4000 + i:D5}")));

        // Taken back within the undo window: the draft is there again, nothing has left.
        await page.ComposeAsync("control", "Spring tea", "Hello everybody");
        await page.SendAsync(now: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.ArriveAsync("/edit\\?step=review");
        Assert.Equal(0, await SentAsync(apiKey));

        await portal.Database.AdminAsync("update app.tenant_settings set undo_seconds = 1");
        await page.SendAsync(now: true);
        await SentAtLeastAsync(page, 2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await ChipAsync(page, "Paused");
        var held = await StillAsync(apiKey);
        Assert.InRange(held, 2, People - 1);
        await page.WaitForBarAsync("Sent", held);

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await SentAtLeastAsync(page, held + 2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await ChipAsync(page, "Cancelled");
        var sent = await StillAsync(apiKey);
        Assert.InRange(sent, held + 2, People - 1);
        await page.WaitForBarAsync("Sent", sent);
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).CountAsync());
    }

    private static Task ChipAsync(IPage page, string word) => page.Locator("main .chip", new() { HasTextString = word }).First.WaitForAsync();

    private static async Task SentAtLeastAsync(IPage page, int count)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var bar = await page.GetByRole(AriaRole.Img, new() { NameRegex = _sent }).AllAsync();
            var match = bar.Count == 0 ? Match.Empty : _sent.Match(await bar[0].GetAttributeAsync("aria-label") ?? "");
            if (match.Success && int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) >= count)
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"The page never said that {count} were sent.");
    }

    private async Task<int> SentAsync(string apiKey) => (await portal.LedgerNumbersAsync(apiKey)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>How many the provider has once a request that was on its way has come through; two seconds later there are no more.</summary>
    private async Task<int> StillAsync(string apiKey)
    {
        await Task.Delay(1000);
        var count = await SentAsync(apiKey);
        await Task.Delay(2000);
        Assert.Equal(count, await SentAsync(apiKey));
        return count;
    }
}
