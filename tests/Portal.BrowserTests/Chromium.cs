using Microsoft.Playwright;

namespace Portal.BrowserTests;

internal static class Chromium
{
    public static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("PORTAL_TEST_CHROMIUM")
            ?? throw new InvalidOperationException("PORTAL_TEST_CHROMIUM is not set. Run the tests with ./portal test, which installs Chromium.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"],
        });
        return (playwright, browser);
    }
}
