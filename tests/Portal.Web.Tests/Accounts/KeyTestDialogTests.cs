using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Accounts;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class KeyTestDialogTests : PortalContext
{
    [Theory]
    [InlineData("en", "Nothing is sent and nothing is billed", "Our address is missing", "Run the test")]
    [InlineData("zh-Hans", "不会发送任何短信，也不会计费", "缺少我们的地址", "开始测试")]
    public async Task It_says_what_will_happen_and_how_the_answer_is_read_before_it_calls(string culture, string what, string meaning, string button)
    {
        UseCulture(culture);
        var calls = 0;
        var dialog = await OpenAsync(() => { calls++; return new CheckOutcome("104", true, null); });

        Assert.All((string[])[what, meaning, button], text => Assert.Contains(text, dialog.Markup, StringComparison.Ordinal));
        foreach (var code in (string[])["101", "102", "103", "204", "205", "206", "104", "108", "111"])
            Assert.Contains(code, dialog.Find("table.answers").TextContent, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("104", true, null, "answer 104: it refused the number, as it should", "104, 108, 111")]
    [InlineData("108", true, null, "answer 108", "104, 108, 111")]
    [InlineData("101", false, null, "does not know the apikey (101)", "101, 102, 205")]
    [InlineData("102", false, null, "The secret was probably changed", "101, 102, 205")]
    [InlineData("205", false, null, "no secret for this account (205)", "101, 102, 205")]
    [InlineData("103", false, null, "refuses our time (103)", "103")]
    [InlineData("204", false, "203.0.113.18", "Add 203.0.113.18 to the IP whitelist", "204")]
    [InlineData("206", false, null, "may not make this kind of call (206)", "106, 206")]
    public async Task The_answer_is_said_in_plain_words_and_marked_in_the_list(string code, bool passed, string? missing, string said, string row)
    {
        var dialog = await OpenAsync(() => new CheckOutcome(code, passed, TimeSpan.FromSeconds(-3), missing));

        await Button(dialog).ClickAsync(new());

        Assert.Contains(said, dialog.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains("3 s from ours", dialog.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal(row, dialog.Find("tr.given th").TextContent);
    }

    [Fact]
    public async Task What_kept_it_from_calling_is_said_instead()
    {
        var dialog = await OpenAsync(() => new Problem("", "host_not_allowed_now"));

        await Button(dialog).ClickAsync(new());

        Assert.Contains("does not allow this account", dialog.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll("tr.given"));
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<MudDialogProvider> dialog) => dialog.FindAll(".mud-dialog-actions button")[^1];

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(Func<Result<CheckOutcome>> run)
    {
        var provider = Render<MudDialogProvider>();
        var parameters = new DialogParameters<KeyTestDialog> { { d => d.Run, () => Task.FromResult(run()) } };
        await provider.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<KeyTestDialog>("", parameters));
        return provider;
    }
}
