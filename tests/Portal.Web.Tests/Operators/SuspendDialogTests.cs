using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Web.Operators;

namespace Portal.Web.Tests.Operators;

public sealed class SuspendDialogTests : PortalContext
{
    [Theory]
    [InlineData("en", "Say why: its members will ask.")]
    [InlineData("zh-Hans", "请填写原因，其成员会看到。")]
    public async Task Without_a_reason_nothing_is_suspended(string culture, string error)
    {
        UseCulture(culture);
        var (page, answer) = await AskAsync();

        await page.FindAll(".mud-dialog-actions button")[1].ClickAsync(new());

        Assert.False(answer.IsCompleted);
        Assert.Contains(error, page.Find(".field-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reason_is_the_answer()
    {
        var (page, answer) = await AskAsync();
        Assert.Contains("Everybody in it (1,200)", page.Markup, StringComparison.Ordinal);

        page.Find("input").Input("  The invoice is open. ");
        await page.FindAll(".mud-dialog-actions button")[1].ClickAsync(new());

        Assert.Equal("The invoice is open.", await answer);
    }

    [Fact]
    public async Task Cancelling_means_no()
    {
        var (page, answer) = await AskAsync();

        await page.FindAll(".mud-dialog-actions button")[0].ClickAsync(new());

        Assert.Null(await answer);
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Page, Task<string?> Answer)> AskAsync()
    {
        var page = Render<MudDialogProvider>();
        Task<string?> answer = Task.FromResult<string?>(null);
        await page.InvokeAsync(() => { answer = SuspendDialog.AskAsync(Services.GetRequiredService<IDialogService>(), "Suspend Grey Co.?", 1200); });
        page.WaitForElement(".mud-dialog-actions button");
        return (page, answer);
    }
}
