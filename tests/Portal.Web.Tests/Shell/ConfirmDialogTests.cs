using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Web.Shell;

namespace Portal.Web.Tests.Shell;

public sealed class ConfirmDialogTests : PortalContext
{
    [Theory]
    [InlineData("en", "Cancel")]
    [InlineData("zh-Hans", "取消")]
    public async Task The_safe_answer_stands_first_and_means_no(string culture, string cancel)
    {
        UseCulture(culture);
        var (page, answer) = await AskAsync();
        Assert.Contains("16,220 people get nothing.", page.Markup, StringComparison.Ordinal);
        var first = page.Find(".mud-dialog-actions button");
        Assert.Equal(cancel, first.TextContent.Trim());
        await first.ClickAsync(new());
        Assert.False(await answer);
    }

    [Fact]
    public async Task The_focus_is_on_the_safe_answer()
    {
        var (page, _) = await AskAsync();
        var cancel = page.FindComponents<MudButton>()[0];
        page.WaitForAssertion(() => Assert.Contains(JSInterop.Invocations, i => i.Identifier.EndsWith("focus", StringComparison.Ordinal)));
        Assert.Equal("Cancel", cancel.Find("button").TextContent.Trim());
    }

    [Fact]
    public async Task Only_the_act_itself_means_yes()
    {
        var (page, answer) = await AskAsync();
        var act = page.FindAll(".mud-dialog-actions button")[1];
        Assert.Equal("Stop", act.TextContent.Trim());
        Assert.Contains("mud-button-filled-error", act.ClassList);
        await act.ClickAsync(new());
        Assert.True(await answer);
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Page, Task<bool> Answer)> AskAsync()
    {
        var page = Render<MudDialogProvider>();
        var dialogs = Services.GetRequiredService<IDialogService>();
        Task<bool>? answer = null;
        await page.InvokeAsync(() =>
        {
            answer = ConfirmDialog.AskAsync(dialogs, "Stop the campaign?", "16,220 people get nothing.", "Stop", danger: true);
        });
        page.WaitForElement(".mud-dialog-actions");
        return (page, answer!);
    }
}
