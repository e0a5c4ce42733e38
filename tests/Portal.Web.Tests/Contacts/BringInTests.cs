using Bunit;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class BringInTests : PortalContext
{
    [Theory]
    [InlineData("en", "Paste at least one number.")]
    [InlineData("zh-Hans", "请至少粘贴一个号码。")]
    public async Task What_was_pasted_stays_with_the_reason_at_the_field(string culture, string sentence)
    {
        UseCulture(culture);
        string? sent = null;
        var form = Render<PasteForm>(p => p.Add(f => f.OnSend, text =>
        {
            sent = text;
            return Task.FromResult<IReadOnlyList<Problem>>([new Problem("Text", "paste_empty")]);
        }));

        await form.Find("textarea").ChangeAsync(new() { Value = "hello" });
        await form.Find("form").SubmitAsync();

        Assert.Equal("hello", sent);
        Assert.EndsWith(sentence, form.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("hello", form.Find("textarea").GetAttribute("value"));
        Assert.Equal("true", form.Find("textarea").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task An_upload_shows_how_far_it_is_and_ends_with_the_import()
    {
        Guid? uploaded = null;
        var form = Upload(id => uploaded = id);
        var id = Guid.NewGuid();

        await form.Find("form").SubmitAsync();
        await form.InvokeAsync(() => form.Instance.ProgressAsync(40));

        Assert.Equal("40", form.Find("progress").GetAttribute("value"));
        Assert.Contains("Uploading: 40 %", form.Markup, StringComparison.Ordinal);
        Assert.True(form.Find("input").HasAttribute("disabled"));
        await form.InvokeAsync(() => form.Instance.UploadedAsync(id));
        Assert.Equal(id, uploaded);
    }

    [Theory]
    [InlineData("en", "file_workbook", "In Excel choose Save as → CSV UTF-8")]
    [InlineData("zh-Hans", "file_workbook", "请在 Excel 中另存为 → CSV UTF-8")]
    [InlineData("en", "file_too_large", "larger than 20 MB")]
    [InlineData("zh-Hans", "upload_lost", "上传时连接中断")]
    [InlineData("en", "file_none", "Choose a file first.")]
    public async Task A_file_that_is_refused_says_why_and_another_can_be_chosen(string culture, string code, string sentence)
    {
        UseCulture(culture);
        var form = Upload();

        await form.Find("form").SubmitAsync();
        await form.InvokeAsync(() => form.Instance.EndedAsync([code]));

        Assert.Contains(sentence, form.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Empty(form.FindAll("progress"));
        Assert.False(form.Find("input").HasAttribute("disabled"));
    }

    [Fact]
    public async Task An_upload_that_was_stopped_says_that_nothing_was_kept()
    {
        var form = Upload();

        await form.Find("form").SubmitAsync();
        await form.Find("button").ClickAsync(new());
        await form.InvokeAsync(() => form.Instance.EndedAsync([]));

        Assert.Contains("Nothing was kept", form.Markup, StringComparison.Ordinal);
        Assert.Equal("", form.Find(".field-error").TextContent);
    }

    private IRenderedComponent<UploadForm> Upload(Action<Guid>? uploaded = null)
    {
        var module = JSInterop.SetupModule(_ => true);
        module.Mode = JSRuntimeMode.Loose;
        module.SetupModule("start", _ => true).Mode = JSRuntimeMode.Loose;
        return Render<UploadForm>(p => p.Add(f => f.Address, "/t/lantern/contacts/import/upload").Add(f => f.OnUploaded, uploaded ?? (_ => { })));
    }
}
