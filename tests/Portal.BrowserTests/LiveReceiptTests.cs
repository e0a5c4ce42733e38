using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>Receipts that the provider pushes move what people look at, in every browser, and nobody loads a page again.</summary>
public sealed class LiveReceiptTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    private const int People = 16;
    private const string LoadedOnce = "window.loadedOnce";

    private const string Look = """
        () => {
            const bar = document.querySelector('.outcome .bar');
            const part = bar?.querySelector('.tone-delivered');
            return bar && bar.getAttribute('aria-label') + '|' + (part ? part.getBoundingClientRect().width : 0) / bar.getBoundingClientRect().width;
        }
        """;

    private static readonly Regex _delivered = new("Delivered\\s*([\\d,]+)");

    [Fact]
    public async Task A_campaigns_bar_moves_in_two_browsers_while_receipts_are_pushed()
    {
        await portal.TenantAsync("Live tea", "live", "live@example.test");
        await portal.Database.AdminAsync("update app.tenant_settings set undo_seconds = 1");
        var (apiKey, secret) = await portal.KeyPairAsync(delayMs: 1500);
        var page = await portal.PageAsync();
        await page.SignInAsync("live@example.test");
        await AccountAsync(page, "live", apiKey, secret);
        // Two requests a second, one person each: receipts come for seconds. Numbers that end so are always delivered.
        await page.Named("Rate").FillAsync("2");
        await page.Named("BatchSize").FillAsync("1");
        await page.Locator("main button", new() { HasTextString = "Save" }).ClickAsync();
        await page.GetByText("2 requests/s").WaitForAsync();
        await page.ImportAsync("live", "Members", "mobile\n" + string.Join('\n', Enumerable.Range(0, People).Select(i => $"8619800{i:D2}0000")));
        await page.ComposeAsync("live", "Live", "Hello everybody");
        await page.SendAsync(now: true);

        var other = await portal.PageAsync();
        await other.SignInAsync("live@example.test");
        await other.OpenAsync(new Uri(page.Url).AbsolutePath);
        await Task.WhenAll(FollowAsync(page), FollowAsync(other));
    }

    [Fact]
    public async Task A_message_to_oneself_shows_its_receipt_when_it_comes()
    {
        await portal.TenantAsync("Drill tea", "drill", "drill@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync(delayMs: 1000);
        var page = await portal.PageAsync();
        await page.SignInAsync("drill@example.test");
        await AccountAsync(page, "drill", apiKey, secret);
        Assert.Equal($"{portal.Address}/receipts", await page.Locator("[data-copy$='/receipts']").GetAttributeAsync("data-copy"));
        await page.EvaluateAsync(LoadedOnce + " = true");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send one to yourself…" }).ClickAsync();
        await page.Named("Number").FillAsync("+86 198 0000 0000");
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.Locator(".steps li", new() { HasTextString = "Its receipt came: DELIVRD" }).WaitForAsync(new() { Timeout = 60_000 });
        Assert.Equal(4, await page.Locator(".steps li").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>(LoadedOnce));
        await BrowserFixture.PictureAsync(page, "drill");
    }

    private async Task AccountAsync(IPage page, string slug, string apiKey, string secret)
    {
        await page.AddAccountAsync(slug, portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Lantern", Level = 1, Exact = true }).WaitForAsync();
    }

    /// <summary>The bar is seen at several lengths on its way to the end, on a page that is loaded once.</summary>
    private static async Task FollowAsync(IPage page)
    {
        await page.EvaluateAsync(LoadedOnce + " = true");
        var seen = new SortedDictionary<int, double>();
        for (var tries = 0; tries < 900 && !seen.ContainsKey(People); tries++)
        {
            // What it says and how long it is, in one look.
            if (await page.EvaluateAsync<string?>(Look) is { } look && look.Split('|') is [var label, var share] && _delivered.Match(label) is { Success: true } match)
                seen[int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)] = double.Parse(share, CultureInfo.InvariantCulture);
            await Task.Delay(100);
        }
        Assert.True(seen.ContainsKey(People) && seen.Keys.Count(s => s is > 0 and < People) >= 2, $"Delivered was seen at {string.Join(", ", seen.Keys)} only.");
        Assert.Equal(seen.Values.Order(), seen.Values);
        Assert.True(seen.Values.First() < seen.Values.Last());
        Assert.True(await page.EvaluateAsync<bool>(LoadedOnce));
    }
}
