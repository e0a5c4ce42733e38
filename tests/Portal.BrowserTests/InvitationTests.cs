using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>An owner invites a colleague, who follows the link of the letter, works, and is taken out again.</summary>
public sealed class InvitationTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_colleague_is_invited_joins_by_the_letter_and_is_removed()
    {
        await portal.TenantAsync("Harbour Books", "harbour-books", "owner@harbour.test");
        var owner = await portal.PageAsync();
        await owner.SignInAsync("owner@harbour.test");
        await owner.OpenAsync("/t/harbour-books/team");
        await owner.Named("Email").FillAsync("ann@harbour.test");
        await owner.Primary().ClickAsync();
        await owner.GetByText("ann@harbour.test is invited.").WaitForAsync();

        var ann = await portal.PageAsync();
        await ann.FollowLetterAsync("ann@harbour.test");
        await ann.Named("Form.Name").FillAsync("Ann");
        await ann.Named("Form.Password").FillAsync("several words of my own");
        await ann.Primary().ClickAsync();
        await ann.ArriveAsync("/t/harbour-books");
        Assert.DoesNotContain("#", ann.Url, StringComparison.Ordinal);

        // The owner's page shows her without being loaded again.
        var row = owner.Locator("tr", new() { HasText = "ann@harbour.test" });
        await row.WaitForAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Remove Ann" }).ClickAsync();
        await owner.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await ann.GetByText("Not found").First.WaitForAsync();
    }
}
