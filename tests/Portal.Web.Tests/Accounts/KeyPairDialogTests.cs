using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Accounts;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class KeyPairDialogTests : PortalContext
{
    [Theory]
    [InlineData("en", "do not belong together (102)")]
    [InlineData("zh-Hans", "不匹配（102）")]
    public async Task A_wrong_pair_stays_in_the_dialog_to_be_put_right(string culture, string sentence)
    {
        UseCulture(culture);
        var (page, dialog) = await OpenAsync(_ => [new Problem("Secret", "wrong_key_pair")]);

        await FillAsync(page);
        await page.FindAll(".mud-dialog-actions button")[^1].ClickAsync(new());

        Assert.Contains(sentence, page.Markup, StringComparison.Ordinal);
        Assert.Equal(["abcdefgh", "ijklmnop"], page.FindAll(".secret-input").Select(i => i.GetAttribute("value")));
        Assert.False(dialog.Result.IsCompleted);
    }

    [Fact]
    public async Task A_right_pair_closes_it_and_the_pair_is_handed_on_unread()
    {
        TypedKeyPair? saved = null;
        var (page, dialog) = await OpenAsync(pair =>
        {
            saved = pair;
            return [];
        });

        await FillAsync(page);
        await page.FindAll(".mud-dialog-actions button")[^1].ClickAsync(new());

        Assert.False((await dialog.Result)!.Canceled);
        Assert.Equal("***", saved!.ToString());
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Page, IDialogReference Dialog)> OpenAsync(Func<TypedKeyPair, IReadOnlyList<Problem>> save)
    {
        var page = Render<MudDialogProvider>();
        var parameters = new DialogParameters<KeyPairDialog> { { d => d.Save, pair => Task.FromResult(save(pair)) } };
        var dialogs = Services.GetRequiredService<IDialogService>();
        var dialog = await page.InvokeAsync(() => dialogs.ShowAsync<KeyPairDialog>("", parameters));
        page.WaitForElement(".mud-dialog-actions");
        return (page, dialog);
    }

    private static async Task FillAsync(IRenderedComponent<MudDialogProvider> page)
    {
        await page.FindAll(".secret-input")[0].ChangeAsync(new() { Value = "abcdefgh" });
        await page.FindAll(".secret-input")[1].ChangeAsync(new() { Value = "ijklmnop" });
    }
}
