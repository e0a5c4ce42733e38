using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>Second factors with a real browser: an app's codes, and passkeys of Chromium's virtual authenticator.</summary>
public sealed class PasskeyTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_passkey_signs_in_also_when_the_password_is_locked()
    {
        await portal.TenantAsync("Harbour Books", "harbour-books", "owner@harbour.test");
        var page = await portal.PageAsync();
        await AddAuthenticatorAsync(page);
        await page.SignInAsync("owner@harbour.test");
        await page.GotoAsync("/account/security");
        await page.Named("Form.Name").FillAsync("laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The passkey is added.").WaitForAsync();
        await page.GetByText("laptop").First.WaitForAsync();
        await BrowserFixture.PictureAsync(page, "security-passkey");

        await page.Context.ClearCookiesAsync();
        for (var i = 0; i < 6; i++)
        {
            await page.GotoAsync("/account/sign-in");
            await page.Named("Form.Email").FillAsync("owner@harbour.test");
            await page.Named("Form.Password").FillAsync("not the password");
            await page.Primary().ClickAsync();
            await page.GetByText("You are not signed in.").WaitForAsync();
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.ArriveAsync("/t/harbour-books");

        // It confirms as well, and is gone when it is removed.
        await portal.Database.AdminAsync("update ident.sessions set confirmed_at = now() - interval '1 hour', strong = false");
        await page.GotoAsync("/account/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.GetByText("laptop").First.WaitForAsync();
        // Two factors in one, also for a session that had begun with the password alone.
        Assert.Equal(1L, await portal.Database.AdminScalarAsync<long>("select count(*) from ident.sessions where strong"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the passkey laptop" }).ClickAsync();
        await page.GetByText("The passkey is removed.").WaitForAsync();
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await page.GetByText("You are not signed in.").WaitForAsync();
    }

    [Fact]
    public async Task An_operator_sets_up_an_app_and_is_asked_for_its_code_from_then_on()
    {
        var first = await portal.OperatorAsync();
        await first.GetByRole(AriaRole.Heading, new() { Name = "Tenants" }).WaitForAsync();

        var again = await portal.PageAsync();
        await again.GotoAsync("/account/sign-in");
        await again.Named("Form.Email").FillAsync(BrowserFixture.OperatorEmail);
        await again.Named("Form.Password").FillAsync(BrowserFixture.Password);
        await again.Primary().ClickAsync();
        await again.ArriveAsync("/account/second-step");
        await again.Named("Form.Code").FillAsync("000000");
        await again.Primary().ClickAsync();
        await again.GetByText("The code is wrong or was used already").WaitForAsync();
        await again.Named("Form.Code").FillAsync(await portal.CodeAsync(BrowserFixture.OperatorEmail));
        await again.Primary().ClickAsync();
        await again.ArriveAsync("/operator/tenants$");
    }

    [Fact]
    public async Task Before_members_change_the_page_asks_for_the_password_and_keeps_what_was_typed()
    {
        await portal.TenantAsync("Quay Tea", "quay-tea", "owner@quay.test");
        var page = await portal.PageAsync();
        await page.SignInAsync("owner@quay.test");
        await page.OpenAsync("/t/quay-tea/team");
        await portal.Database.AdminAsync("update ident.sessions set confirmed_at = now() - interval '1 hour'");
        await page.Named("Email").FillAsync("bo@quay.test");
        await page.Primary().ClickAsync();
        await page.Named("ConfirmPassword").FillAsync("not the password");
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.GetByText("That is not the password").WaitForAsync();
        await page.Named("ConfirmPassword").FillAsync(BrowserFixture.Password);
        await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.GetByText("bo@quay.test is invited.").WaitForAsync();
    }

    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("WebAuthn.enable");
        await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
