using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class TestMessageDialogTests : PortalContext
{
    [Theory]
    [InlineData("en", "billed by the provider", "with its country code")]
    [InlineData("zh-Hans", "由服务商计费", "请加上国家代码")]
    public async Task It_says_that_it_costs_and_keeps_what_was_typed(string culture, string cost, string sentence)
    {
        UseCulture(culture);
        var (page, dialog) = await OpenAsync((_, _) => [new Problem("Number", "number_no_country")]);
        Assert.Contains(cost, page.Markup, StringComparison.Ordinal);

        await page.Find("[name=Number]").ChangeAsync(new() { Value = "13800138000" });
        await page.FindAll(".mud-dialog-actions button")[^1].ClickAsync(new());

        Assert.Contains(sentence, page.Markup, StringComparison.Ordinal);
        Assert.Equal("13800138000", page.Find("[name=Number]").GetAttribute("value"));
        Assert.False(dialog.Result.IsCompleted);
    }

    [Fact]
    public async Task Number_and_text_are_sent_as_they_stand()
    {
        var sent = ("", "");
        var (page, dialog) = await OpenAsync((number, text) =>
        {
            sent = (number, text);
            return [];
        });

        await page.Find("[name=Number]").ChangeAsync(new() { Value = "+86 138 0013 8000" });
        await page.FindAll(".mud-dialog-actions button")[^1].ClickAsync(new());

        Assert.False((await dialog.Result)!.Canceled);
        Assert.Equal(("+86 138 0013 8000", "Hello"), sent);
    }

    [Fact]
    public async Task Fifty_presses_while_it_is_sent_send_it_once()
    {
        var (sent, gone) = (0, new TaskCompletionSource<IReadOnlyList<Problem>>());
        var page = Render<MudDialogProvider>();
        var parameters = new DialogParameters<TestMessageDialog>
        {
            { d => d.Text, "Hello" },
            {
                d => d.Send, (_, _) =>
                {
                    sent++;
                    return gone.Task;
                }
            },
        };
        await page.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TestMessageDialog>("", parameters));
        page.WaitForElement(".mud-dialog-actions");
        var dialog = page.FindComponent<TestMessageDialog>();

        // As they come over the wire: the button that was there when they were pressed.
        var press = dialog.FindComponents<MudButton>()[^1].Instance.OnClick;
        var presses = Enumerable.Range(0, 50).Select(_ => page.InvokeAsync(() => press.InvokeAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs()))).ToList();
        gone.SetResult([]);
        await Task.WhenAll(presses);

        Assert.Equal(1, sent);
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Page, IDialogReference Dialog)> OpenAsync(Func<string, string, IReadOnlyList<Problem>> send)
    {
        var page = Render<MudDialogProvider>();
        var parameters = new DialogParameters<TestMessageDialog>
        {
            { d => d.Text, "Hello" },
            { d => d.Send, (number, text) => Task.FromResult(send(number, text)) },
        };
        var dialog = await page.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TestMessageDialog>("", parameters));
        page.WaitForElement(".mud-dialog-actions");
        return (page, dialog);
    }
}
