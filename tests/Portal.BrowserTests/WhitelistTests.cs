using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>The provider lets nobody in who is not on its IP whitelist: the account's page says which address to add, and how the whole line reads.</summary>
[Collection(Hosted.Name)]
public sealed class WhitelistTests(HostedPortal portal)
{
    [Fact]
    public async Task What_was_missing_after_a_204_is_shown_copied_and_let_in()
    {
        var (key, secret) = (Convert.ToBase64String(Guid.NewGuid().ToByteArray()), Guid.NewGuid().ToString("N"));
        await portal.TenantAsync("Whitelist", "whitelist", "whitelist@example.test");
        await portal.KnowAsync(key, secret, whitelist: "203.0.113.7");
        var page = await portal.PageAsync();
        await page.SignInAsync("whitelist@example.test");
        await page.AddAccountAsync("whitelist", portal.Provider, "Listed", key, secret);
        await portal.ArriveAsync(page, "/accounts/[0-9a-f-]{36}$");

        var panel = page.Locator(".panel", new() { HasTextString = "where the portal calls from" });
        var notice = panel.Locator(".notice");
        await Assertions.Expect(notice).ToContainTextAsync("The provider refuses a call of ours (204).");
        await Assertions.Expect(notice).ToContainTextAsync("Exactly this address is missing");
        await CopyAsync(page, notice, "the address that is missing", "127.0.0.1");

        await panel.Locator("[name=Pasted]").FillAsync("203.0.113.7, 10.1.2.3");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        var judged = panel.Locator("[role=status]").Filter(new() { HasTextString = "127.0.0.1 is missing" });
        await Assertions.Expect(judged).ToContainTextAsync("10.1.2.3");
        await CopyAsync(page, judged, "the whole whitelist", "203.0.113.7,127.0.0.1");

        // As the line says, so it works.
        await portal.KnowAsync(key, secret, whitelist: "203.0.113.7,127.0.0.1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check again" }).ClickAsync();
        await Assertions.Expect(page.Locator("main .chip").First).ToContainTextAsync("Active");
        await Assertions.Expect(panel).Not.ToContainTextAsync("(204)");
    }

    private static async Task CopyAsync(IPage page, ILocator within, string what, string text)
    {
        await Assertions.Expect(within.Locator("code")).ToHaveTextAsync(text);
        var button = within.Locator($"button[data-copy='{text}']");
        Assert.Contains(what, await button.GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await button.ClickAsync();
        await Assertions.Expect(within.Locator(".code-line [aria-live]")).ToHaveTextAsync("Copied");
        Assert.Equal(text, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }
}
