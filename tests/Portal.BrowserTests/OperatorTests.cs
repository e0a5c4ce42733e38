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
        await owner.GotoAsync("/account/sign-in");
        await owner.Named("Form.Email").FillAsync("owner@harbour.test");
        await owner.Named("Form.Password").FillAsync(Regex.Match(password, "\\S{12,}").Value);
        await owner.Primary().ClickAsync();
        // Nobody gave the box another state: the owner needs a second factor, and is led to it and back.
        await owner.GetByText("asks for a second factor").WaitForAsync();
        await BrowserFixture.PictureAsync(owner, "factor-demanded");
        await owner.Locator("a[href*='second-factor']").First.ClickAsync();
        await owner.Named("Form.Code").FillAsync(await portal.CodeAsync("owner@harbour.test"));
        await owner.Primary().ClickAsync();
        await owner.Locator(".below a.btn.primary").ClickAsync();
        await owner.ArriveAsync("/t/harbour-books");

        await ops.OpenAsync("/operator/tenants");
        await ops.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Harbour Books" }).First.ClickAsync();
        await ReachAsync(ops);
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

    /// <summary>What an account may call, and what a tenant may send, changes after a question that says what comes of it.</summary>
    private async Task ReachAsync(Microsoft.Playwright.IPage ops)
    {
        var (dialog, hosts) = (ops.Locator(".mud-dialog"), ops.Named("Hosts"));
        await hosts.FillAsync("sms.example.com");
        await ops.Locator("form:has([name='Hosts']) button[type=submit]").ClickAsync();
        await dialog.GetByText("Allowed: sms.example.com").WaitForAsync();
        await BrowserFixture.PictureAsync(ops, "reach-asked");
        await dialog.Locator("button").First.ClickAsync();
        await dialog.WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        Assert.Equal(0L, await HostsAsync());

        await ops.Locator("form:has([name='Hosts']) button[type=submit]").ClickAsync();
        await dialog.Locator("button").Last.ClickAsync();
        await ops.Locator("form:has([name='Hosts'])").GetByText("Saved.").WaitForAsync();
        Assert.Equal(1L, await HostsAsync());
        await hosts.FillAsync("");
        await ops.Locator("form:has([name='Hosts']) button[type=submit]").ClickAsync();
        await dialog.GetByText("Taken away: sms.example.com. Accounts there: 0.").WaitForAsync();
        await dialog.Locator("button").Last.ClickAsync();
        await dialog.WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        await ops.Named("DayMessages").FillAsync("100");
        await ops.Locator("form:has([name='DayMessages']) button[type=submit]").ClickAsync();
        await dialog.GetByText("above the bound they wait").WaitForAsync();
        await dialog.Locator("button").Last.ClickAsync();
        await dialog.WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        // It is saved after the dialog has gone; what is pressed while that goes on is not taken.
        await ops.Locator("form:has([name='DayMessages'])").GetByText("Saved.").WaitForAsync();
        // More than before hurts nobody: no question.
        await ops.Named("DayMessages").FillAsync("200");
        await ops.Locator("form:has([name='DayMessages']) button[type=submit]").ClickAsync();
        var start = TimeProvider.System.GetTimestamp();
        while (await portal.Database.AdminScalarAsync<long>("select day_messages::bigint from app.limits where set_by = 'operator'") != 200)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "The bound was not raised.");
            await Task.Delay(100);
        }
        Assert.Equal(0, await dialog.CountAsync());
    }

    private Task<long> HostsAsync() => portal.Database.AdminScalarAsync<long>("select count(*) from app.provider_hosts");
}
