using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>A key pair that a real message proves: the account's page shows the answer when it comes, without being loaded again, and in the reader's language.</summary>
public sealed class AccountByMessageTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData("en-GB", "Active")]
    [InlineData("zh-CN", "可用")]
    public async Task A_message_to_ones_own_number_proves_the_pair(string locale, string active)
    {
        var slug = "proof-" + locale.ToLowerInvariant();
        await portal.TenantAsync("Proof " + locale, slug, $"proof-{locale}@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync(locale);
        await page.SignInAsync($"proof-{locale}@example.test");

        await page.AddAccountAsync(slug, portal.Provider, "Lantern", apiKey, secret, number: "198 0000 1234");
        await page.Locator("[name='Number'][aria-invalid='true']").WaitForAsync();
        Assert.Equal(secret, await page.Named("Secret").InputValueAsync());
        await page.Named("Number").FillAsync("+86 198 0000 1234");
        await page.Primary().ClickAsync();

        await page.ArriveAsync("/accounts/[0-9a-f-]{36}$");
        await page.Locator("main .chip", new PageLocatorOptions { HasTextString = active }).First.WaitForAsync();
        Assert.Equal("8619800001234 1", (await portal.LedgerNumbersAsync(apiKey)).Trim());
    }
}
