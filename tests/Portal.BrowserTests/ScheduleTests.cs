using Microsoft.Playwright;

namespace Portal.BrowserTests;

/// <summary>A campaign every day: the rule, its next five runs, one skipped, and a pause.</summary>
public sealed class ScheduleTests(BrowserFixture portal) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_daily_schedule_is_made_shows_its_runs_skips_one_and_pauses()
    {
        const string slug = "daily";
        await portal.TenantAsync("Daily Tea", slug, "daily@example.test");
        var (apiKey, secret) = await portal.KeyPairAsync();
        var page = await portal.PageAsync();
        await page.SignInAsync("daily@example.test");
        await page.AddAccountAsync(slug, portal.Provider, "Lantern", apiKey, secret);
        await page.ArriveAsync("/accounts/[0-9a-f-]{36}");
        await page.ImportAsync(slug, "Members", "mobile,name\n+86 198 0000 2000,Mei\n8619800002010,Bo\n");

        await page.ComposeAsync(slug, "Tea of the day", "Today's tea is ready", "2020-01-01T09:00");
        await page.Locator("input[name='When'][value='repeat']").CheckAsync();
        // Looked at first: two days a week. Whatever is clicked quickly, the review has what was seen last.
        await page.Named("RepeatKind").SelectOptionAsync("Weekly");
        await page.Locator("[name=RepeatOn]").Nth(1).CheckAsync();
        await page.Locator("[name=RepeatOn]").Nth(4).CheckAsync();
        await page.Named("RepeatKind").SelectOptionAsync("Daily");
        await page.Named("RepeatAt").FillAsync("03:00");
        await page.Named("RepeatAt").PressAsync("Tab");
        await Assertions.Expect(page.Locator(".runs li").First).ToContainTextAsync("03:00");
        await Assertions.Expect(page.Locator(".runs li")).ToHaveCountAsync(5);
        var shown = await page.Locator(".runs li").AllInnerTextsAsync();
        await BrowserFixture.PictureAsync(page, "schedule-rule");
        await page.Primary().ClickAsync();

        await page.Locator("main .row.c4").WaitForAsync();
        await Assertions.Expect(page.Locator(".runs li")).ToHaveCountAsync(5);
        Assert.Equal(shown, await page.Locator(".runs li").AllInnerTextsAsync());
        await BrowserFixture.PictureAsync(page, "schedule-review");
        await page.Primary().ClickAsync();
        await page.ArriveAsync("/campaigns/schedules/[0-9a-f-]{36}$");
        await Assertions.Expect(page.Locator("main .sub")).ToContainTextAsync("Every day at 03:00");

        await page.Locator(".runs li button").First.ClickAsync();
        await Assertions.Expect(page.Locator(".runs li.skipped")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".runs li")).ToHaveCountAsync(6);
        await BrowserFixture.PictureAsync(page, "schedule");
        await page.Locator(".runs li.skipped button").ClickAsync();
        await Assertions.Expect(page.Locator(".runs li.skipped")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Locator("main .chip").First).ToContainTextAsync("Paused");
        await Assertions.Expect(page.Locator(".runs li")).ToHaveCountAsync(0);

        // It stands in the list of schedules, and is no draft any more.
        await page.OpenAsync($"/t/{slug}/campaigns/schedules");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync(["Tea of the day"]);
        await page.OpenAsync($"/t/{slug}/campaigns");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
    }
}
