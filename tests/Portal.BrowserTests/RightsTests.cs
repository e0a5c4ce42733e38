using System.Diagnostics;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Portal.BrowserTests;

/// <summary>What is taken away from a person is gone from their open pages, in every browser, within seconds.</summary>
public sealed class RightsTests(BrowserFixture portal, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const string Path = "/t/harbour-books/settings";

    [Fact]
    public async Task Five_pages_and_two_browsers_lose_a_role_then_the_membership()
    {
        await portal.TenantAsync("Harbour Books", "harbour-books", "owner@harbour.test");
        await portal.TenantAsync("Quay Tea", "quay-tea", "ann@quay.test");
        await portal.Database.AdminAsync("""
            insert into ident.memberships (tenant_id, user_id, role, created_at)
            select t.id, u.id, 'manager', now() from ident.tenants t, ident.users u where t.slug = 'harbour-books' and u.email = 'ann@quay.test'
            """);
        var pages = await OpenAsync(await SignedInAsync(), 4);
        pages.AddRange(await OpenAsync(await SignedInAsync(), 1));
        var owner = await portal.PageAsync();
        await owner.SignInAsync("owner@harbour.test");
        await owner.OpenAsync("/t/harbour-books/team");
        var row = owner.Locator("tr", new() { HasText = "ann@quay.test" });

        await row.GetByRole(AriaRole.Button).First.ClickAsync();
        await owner.Locator(".mud-dialog input[value=Viewer]").CheckAsync();
        await owner.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await row.GetByText("Viewer").WaitForAsync();
        await AllAsync("role changed", pages, p => p.Locator($"nav a[href='{Path}']").WaitForAsync(new() { State = WaitForSelectorState.Detached }));

        await row.GetByRole(AriaRole.Button).Last.ClickAsync();
        await owner.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await AllAsync("member removed", pages, p => p.GetByText("Not found").First.WaitForAsync());

        // The sign-in itself goes on: her own company is still hers.
        await pages[0].GotoAsync("/t/quay-tea");
        await pages[0].Locator("main h1").WaitForAsync();
    }

    [Fact]
    public async Task Signing_out_in_one_page_closes_the_others()
    {
        await portal.TenantAsync("Pier Soap", "pier-soap", "owner@pier.test");
        var page = await portal.PageAsync();
        await page.SignInAsync("owner@pier.test");
        var other = await page.Context.NewPageAsync();
        await other.OpenAsync("/t/pier-soap/team");
        await page.OpenAsync("/t/pier-soap/team");

        await page.Locator("button[popovertarget=frame-me]").ClickAsync();
        await page.Locator("#frame-me form button").ClickAsync();
        await page.ArriveAsync("/account/sign-in");

        await AllAsync("signed out", [other], p => p.ArriveAsync("/account/sign-in"));
    }

    private async Task<IPage> SignedInAsync()
    {
        var page = await portal.PageAsync();
        await page.SignInAsync("ann@quay.test");
        return page;
    }

    private static async Task<List<IPage>> OpenAsync(IPage first, int count)
    {
        List<IPage> pages = [first];
        while (pages.Count < count)
            pages.Add(await first.Context.NewPageAsync());
        foreach (var page in pages)
        {
            await page.OpenAsync(Path);
            await page.Locator($"nav a[href='{Path}']").WaitForAsync();
        }
        return pages;
    }

    private async Task AllAsync(string what, IReadOnlyList<IPage> pages, Func<IPage, Task> seen)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(pages.Select(seen));
        output.WriteLine($"{what}: {pages.Count} pages after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }
}
