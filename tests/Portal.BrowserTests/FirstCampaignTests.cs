using System.Globalization;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>A person who has never seen it: sign in → account → import → campaign → delivered, every part real.</summary>
public sealed class FirstCampaignTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData("en-GB", "Delivered", "Send now", false)]
    [InlineData("zh-CN", "已送达", "按计划发送", true)]
    public async Task A_first_campaign_is_delivered_and_reported(string locale, string delivered, string name, bool scheduled)
    {
        var slug = "first-" + locale.ToLowerInvariant();
        await portal.TenantAsync("Lantern " + locale, slug, $"owner-{locale}@example.test");
        await portal.Database.AdminAsync("update app.tenant_settings set undo_seconds = 1");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync(locale);
        await page.SignInAsync($"owner-{locale}@example.test");
        await page.ArriveAsync($"/t/{slug}");
        Assert.StartsWith(locale[..2], await page.Locator("html").GetAttributeAsync("lang"), StringComparison.Ordinal);

        await page.AddAccountAsync(slug, portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.ImportAsync(slug, "Members", "mobile,name\n+86 198 0000 2000,Mei\n8619800002010,Bo\n+8619800002020,李雷\n");
        await page.ComposeAsync(slug, name, "Hello {{name}}, tea is ready", scheduled ? NextMinute() : null);
        // Sending now is confirmed once more; a planned one can be taken back until its time.
        await page.SendAsync(now: !scheduled);
        await page.WaitForBarAsync(delivered, 3, seconds: 120);
        Assert.Equal(3, (await portal.LedgerNumbersAsync(apiKey)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("8619800002000", await page.ContentAsync(), StringComparison.Ordinal);
        await BrowserFixture.PictureAsync(page, $"campaign-{locale}");
    }

    /// <summary>The next full minute but a few seconds in the tenant's zone, as the field for it takes it.</summary>
    private static string NextMinute()
    {
        var now = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        return now.AddSeconds(70 - (now.Second > 45 ? 0 : 10)).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
    }
}
