using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>Bad input gets a sentence at its field, in the person's language, and nothing typed is lost.</summary>
public sealed class BadInputTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData("en-GB")]
    [InlineData("zh-CN")]
    public async Task Each_mistake_is_said_at_its_field_and_nothing_is_lost(string locale)
    {
        var slug = "bad-" + locale.ToLowerInvariant();
        await portal.TenantAsync("Bad " + locale, slug, $"bad-{locale}@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync(locale);
        await page.SignInAsync($"bad-{locale}@example.test");

        await page.AddAccountAsync(slug, "http://127.0.0.1:1", "Lantern", apiKey, "wrong-secret");
        await SaidAtAsync(page, "BaseAddress", locale);
        await page.Named("BaseAddress").FillAsync(portal.Provider);
        await page.Primary().ClickAsync();
        await SaidAtAsync(page, "Secret", locale);
        Assert.Equal(apiKey, await page.Named("ApiKey").InputValueAsync());
        await page.Named("Secret").FillAsync(secret);
        await page.Primary().ClickAsync();
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");

        await page.OpenAsync($"/t/{slug}/contacts/import");
        await page.Locator(".ways button").Nth(1).ClickAsync();
        await page.UploadAsync("photo.csv", [0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3, 0, 0]);
        await SaidAtAsync(page, "File", locale);
        await page.UploadAsync("people.csv", "mobile\n13800138000\n"u8.ToArray());
        await page.Named("NewListName").FillAsync("Members");
        // Said before anybody presses. A press now would count with the country chosen by the time it is looked at.
        await SaidAtAsync(page, "Region", locale);
        Assert.Equal("Members", await page.Named("NewListName").InputValueAsync());
        await page.Named("Region").SelectOptionAsync("CN");
        await page.Primary().ClickAsync();
        await SeenAsync(page, "a.btn.primary[href*='/contacts/lists/']");

        await page.ComposeAsync(slug, "Too late", "Hello", "2020-01-01T09:00");
        await SaidAtAsync(page, "PlannedAt", locale);
        await page.Locator("a.btn[href*='step=text'], a.btn[href*='step=Text']").First.ClickAsync();
        Assert.Equal("Hello", await page.Named("Text").InputValueAsync());
        await page.Named("Text").FillAsync("");
        await page.Primary().ClickAsync();
        await SaidAtAsync(page, "Text", locale);
    }

    private static async Task SeenAsync(IPage page, string selector)
    {
        try
        {
            await page.Locator(selector).WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{selector} is not there; the page says: {await page.Locator("body").InnerTextAsync()}");
        }
    }

    /// <summary>The field is marked, and the sentence it points to is in the right language.</summary>
    private static async Task SaidAtAsync(IPage page, string name, string locale)
    {
        var field = page.Locator($"[name='{name}'][aria-invalid='true']");
        await field.WaitForAsync();
        var ids = (await field.GetAttributeAsync("aria-describedby"))!.Split(' ');
        var said = string.Concat(await Task.WhenAll(ids.Select(id => page.Locator("#" + id).InnerTextAsync())));
        Assert.False(string.IsNullOrWhiteSpace(said));
        Assert.Equal(locale == "zh-CN", Regex.IsMatch(said, "\\p{IsCJKUnifiedIdeographs}"));
    }
}
