using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>What a person does, by the names of the fields, which are the same in every language.</summary>
internal static class Steps
{
    public static async Task SignInAsync(this IPage page, string email, string password = BrowserFixture.Password)
    {
        await page.GotoAsync("/account/sign-in");
        await page.Locator("input[name='Form.Email']").FillAsync(email);
        await page.Locator("input[name='Form.Password']").FillAsync(password);
        await page.Locator("button[type=submit].primary").ClickAsync();
        await page.ArriveAsync("^(?!.*/account/)");
    }

    /// <summary>Opens the newest letter's link in the development mailbox, and waits until its page has taken the code.</summary>
    public static async Task FollowLetterAsync(this IPage page, string email)
    {
        var link = page.Locator(".letter", new() { HasText = email }).First.Locator("a");
        for (var tries = 0; tries < 100; tries++)
        {
            await page.GotoAsync("/mailbox");
            if (await link.CountAsync() > 0)
                break;
            await Task.Delay(200);
        }
        await page.GotoAsync((await link.GetAttributeAsync("href"))!);
        await page.Named("Form.Password").WaitForAsync();
    }

    /// <summary>
    /// Waits until the address is one of these, a regular expression. It is looked at again and again: Playwright's own WaitForURLAsync
    /// waits for the next navigation, and never ends when that comes between its look and its wait.
    /// </summary>
    public static Task ArriveAsync(this IPage page, string address) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(address), new() { Timeout = 20_000 });

    /// <summary>Opens a page and waits until its circuit has drawn it.</summary>
    public static async Task OpenAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main h1").WaitForAsync();
    }

    /// <summary>Shows once more who it is, where a page asks.</summary>
    public static async Task ConfirmAsync(this IPage page)
    {
        await page.Named("ConfirmPassword").FillAsync(BrowserFixture.Password);
        await page.Named("ConfirmPassword").PressAsync("Enter");
        await page.Named("ConfirmPassword").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    public static ILocator Named(this IPage page, string name) => page.Locator($"[name='{name}']");

    public static ILocator Primary(this IPage page) => page.Locator("main .btn.primary");

    public static async Task AddAccountAsync(this IPage page, string slug, string address, string label, string apiKey, string secret, string? number = null)
    {
        await page.OpenAsync($"/t/{slug}/accounts/new");
        await page.Named("Label").FillAsync(label);
        await page.Named("BaseAddress").FillAsync(address);
        await page.Named("Kind").SelectOptionAsync("Both");
        await page.Named("ApiKey").FillAsync(apiKey);
        await page.Named("Secret").FillAsync(secret);
        if (number is not null)
        {
            await page.Locator("[name='Proof'][value='message']").CheckAsync();
            await page.Named("Number").FillAsync(number);
        }
        await page.Primary().ClickAsync();
    }

    /// <summary>Uploads a CSV file and imports it into a new list.</summary>
    public static async Task ImportAsync(this IPage page, string slug, string list, string csv)
    {
        await page.OpenAsync($"/t/{slug}/contacts/import");
        await page.Locator(".ways button").Nth(1).ClickAsync();
        await page.UploadAsync("people.csv", System.Text.Encoding.UTF8.GetBytes(csv));
        await page.Named("NewListName").FillAsync(list);
        await page.Primary().ClickAsync();
        await page.Locator("a.btn.primary[href*='/contacts/lists/']").WaitForAsync();
    }

    public static async Task UploadAsync(this IPage page, string name, byte[] content)
    {
        await page.Named("File").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });
        await page.Locator("form:has([name='File']) button[type=submit]").ClickAsync();
    }

    /// <summary>From the campaign's first step to its review; the planned time is as a browser writes it, or null for now.</summary>
    public static async Task ComposeAsync(this IPage page, string slug, string name, string text, string? plannedAt = null)
    {
        await page.OpenAsync($"/t/{slug}/campaigns/new");
        await page.ArriveAsync("/edit");
        await page.Named("Name").FillAsync(name);
        await page.Locator("input[name='List']").First.CheckAsync();
        await page.Named("AccountId").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Primary().ClickAsync();
        await page.Named("Text").FillAsync(text);
        await page.Primary().ClickAsync();
        if (plannedAt is not null)
        {
            await page.Locator("input[name='When'][value='later']").CheckAsync();
            await page.Named("PlannedAt").FillAsync(plannedAt);
            await page.Named("PlannedAt").PressAsync("Tab");
        }
        else
        {
            await page.Locator("input[name='When'][value='now']").CheckAsync();
        }
        await page.Primary().ClickAsync();
    }

    /// <summary>Presses the review's one button once the numbers are there; sending now is confirmed once more.</summary>
    public static async Task SendAsync(this IPage page, bool now)
    {
        await page.Locator("main .row.c4").WaitForAsync();
        await page.Primary().ClickAsync();
        if (now)
            await page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await page.ArriveAsync("/campaigns/[0-9a-f-]{36}$");
    }

    /// <summary>Waits until the bar on the page says so, without loading it again.</summary>
    public static async Task WaitForBarAsync(this IPage page, string words, int count, int seconds = 60)
    {
        try
        {
            await page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex($"{words}\\s*{count.ToString("N0", CultureInfo.InvariantCulture)}(\\D|$)") })
                .First.WaitForAsync(new() { Timeout = seconds * 1000f });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{page.Url} says:\n{await page.Locator("body").InnerTextAsync()}", e);
        }
    }
}
