using System.Text.RegularExpressions;

namespace Portal.BrowserTests;

/// <summary>An operator creates a tenant in the browser, its owner signs in, and suspending it shuts the owner out.</summary>
public sealed class OperatorTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_tenant_is_created_and_suspended_in_the_browser()
    {
        var ops = await portal.OperatorAsync();
        await ops.Primary().ClickAsync();
        await ops.GetByLabel("Company", new() { Exact = true }).FillAsync("Harbour Books");
        await ops.Locator(".field", new() { HasText = "Short name in addresses" }).Locator("input").First.FillAsync("harbour-books");
        await ops.Locator("input[type=email]").FillAsync("owner@harbour.test");
        await ops.Locator("form .btn.primary").ClickAsync();
        await ops.GetByText("Harbour Books").First.WaitForAsync();
        var password = await ops.Locator("code, .code").First.InnerTextAsync();

        var owner = await portal.PageAsync();
        await owner.SignInAsync("owner@harbour.test", Regex.Match(password, "\\S{12,}").Value);
        await owner.WaitForURLAsync("**/t/harbour-books*");

        await ops.OpenAsync("/operator/tenants");
        var row = ops.Locator("tr", new() { HasText = "harbour-books" });
        await row.Locator("button").ClickAsync();
        await ops.Locator(".mud-dialog input").FillAsync("Not paid");
        await ops.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await row.GetByText("Suspended").WaitForAsync();

        // The open circuit is told within seconds, and a new request finds nothing but the reason.
        await owner.GetByText("Not paid").First.WaitForAsync(new() { Timeout = 30_000 });
        await owner.GotoAsync("/t/harbour-books/contacts");
        await owner.GetByText("Not paid").First.WaitForAsync();
    }
}
