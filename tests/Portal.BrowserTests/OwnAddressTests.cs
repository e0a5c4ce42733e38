using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>An account's own address is made in the browser and receipts are pushed to it; an operator sees what matches nothing and tries it again.</summary>
public sealed class OwnAddressTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task An_own_address_takes_its_accounts_receipts_and_an_operator_replays_the_others()
    {
        await portal.TenantAsync("Quay tea", "quay", "quay@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync();
        await page.SignInAsync("quay@example.test");
        await page.AddAccountAsync("quay", portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make one…" }).ClickAsync();
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        var copy = page.Locator("[data-copy*='/receipts/']");
        await copy.WaitForAsync();
        var own = (await copy.GetAttributeAsync("data-copy"))!;
        Assert.Matches($"^{Regex.Escape(portal.Address)}/receipts/[0-9a-f]{{40}}$", own);
        await page.GetByText("••••" + own[^4..]).WaitForAsync();
        await BrowserFixture.PictureAsync(page, "own-address");
        await page.ReloadAsync();
        await page.GetByText("••••" + own[^4..]).WaitForAsync();
        Assert.Equal(0, await copy.CountAsync());

        await PushAsync(page, own, apiKey, "8619800000000");
        await PushAsync(page, own[..^1] + (own[^1] == '0' ? '1' : '0'), apiKey, "8619800000001");
        var ops = await portal.OperatorAsync();
        await UntilAsync(async () =>
        {
            await ops.OpenAsync("/operator/receipts");
            return await ops.GetByText("Came over an address that is not its account’s").CountAsync() > 0 && await ops.GetByText("No message fits yet").CountAsync() > 0;
        });
        Assert.DoesNotContain("86198", await ops.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await ops.GetByRole(AriaRole.Button, new() { Name = "Try all again…" }).ClickAsync();
        await ops.Locator(".mud-dialog-actions button").Last.ClickAsync();
        var done = ops.Locator("tr", new() { HasText = "all reasons" });
        await done.GetByText("Done").WaitForAsync();
        Assert.Contains(BrowserFixture.OperatorEmail, await done.InnerTextAsync(), StringComparison.Ordinal);
        await BrowserFixture.PictureAsync(ops, "receipts-operator");
    }

    private static async Task PushAsync(IPage page, string address, string apiKey, string mobile)
    {
        var answer = await page.APIRequest.PostAsync(address, new() { DataObject = new { apikey = apiKey, taskid = "1", mobile, status = "DELIVRD", times = "2026-11-22 17:42" } });
        Assert.Equal((200, "OK"), (answer.Status, await answer.TextAsync()));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(200, limit.Token);
    }
}
