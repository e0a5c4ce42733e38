
namespace Portal.BrowserTests;

/// <summary>Two tenants write to the same person through the same webhook, and each sees only its own.</summary>
public sealed class TwoTenantsTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Two_tenants_share_the_webhook_and_each_sees_only_its_own()
    {
        var (a, b) = (await SentAsync("alpha", "Alpha spring"), await SentAsync("beta", "Beta spring"));
        foreach (var (mine, theirs) in ((Sent, Sent)[])[(a, b), (b, a)])
        {
            var page = await portal.PageAsync();
            await page.SignInAsync($"owner@{mine.Slug}.test");
            await page.OpenAsync($"/t/{mine.Slug}/campaigns");
            await page.GetByText(mine.Campaign).First.WaitForAsync();
            Assert.DoesNotContain(theirs.Campaign, await page.ContentAsync(), StringComparison.Ordinal);
            await page.OpenAsync(mine.Path);
            // 2001 is undeliverable at the simulator, whoever writes to it: each counted its own.
            await page.WaitForBarAsync("Delivered", 1);
            await page.WaitForBarAsync("Failed", 1);

            var foreign = await page.GotoAsync(theirs.Path);
            Assert.Equal(404, foreign!.Status);
            var stranger = await page.GotoAsync($"/t/no-such-tenant/campaigns");
            Assert.Equal(404, stranger!.Status);
            // Its own campaign's id under the other's address, and the other's id under its own, find nothing.
            await page.GotoAsync(theirs.Path.Replace(theirs.Slug, mine.Slug, StringComparison.Ordinal));
            Assert.DoesNotContain(theirs.Campaign, await page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    private async Task<Sent> SentAsync(string slug, string campaign)
    {
        await portal.TenantAsync(slug, slug, $"owner@{slug}.test");
        await portal.Database.AdminAsync("update app.tenant_settings set undo_seconds = 1");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync();
        await page.SignInAsync($"owner@{slug}.test");
        await page.AddAccountAsync(slug, portal.Provider, "Main", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.ImportAsync(slug, "People", "mobile\n+8619800002000\n+8619800000001\n");
        await page.ComposeAsync(slug, campaign, "Hello from " + slug);
        await page.SendAsync(now: true);
        await page.WaitForBarAsync("Delivered", 1);
        return new Sent(slug, campaign, new Uri(page.Url).AbsolutePath);
    }

    private sealed record Sent(string Slug, string Campaign, string Path);
}
