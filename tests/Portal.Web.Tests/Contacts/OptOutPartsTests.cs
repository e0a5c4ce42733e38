using Bunit;
using Portal.Contacts;
using Portal.Web.Contacts;

namespace Portal.Web.Tests.Contacts;

public sealed class OptOutPartsTests : PortalContext
{
    [Theory]
    [InlineData("en", "Opted out: 2. Opted out before: 1.", "Not read as a number, and still in the field: 1.")]
    [InlineData("zh-Hans", "已退订 2 个号码。 1 个之前已退订。", "1 个无法识别为号码")]
    public async Task What_could_not_be_read_stays_in_the_field(string culture, string done, string refused)
    {
        UseCulture(culture);
        SuppressNumbersInput? sent = null;
        var form = Form(input =>
        {
            sent = input;
            return new SuppressOutcome(2, 1, [new("hello", "not_a_number")]);
        });

        await form.Find("textarea").ChangeAsync(new() { Value = "8613800138000\nhello" });
        await form.Find("select[name=Region]").ChangeAsync(new() { Value = "CN" });
        await form.Find("select[name=Reason]").ChangeAsync(new() { Value = "Complained" });
        await form.Find("form").SubmitAsync();

        Assert.Equal(new("8613800138000\nhello", SuppressionReason.Complained, "CN"), sent);
        Assert.Equal("hello", form.Find("textarea").GetAttribute("value"));
        Assert.Equal(done, string.Join(' ', form.Find("[role=status]").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(refused, form.Find(".field-error").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Numbers without a country code: 3.")]
    [InlineData("zh-Hans", "没有国家代码的号码：3 个。")]
    public async Task A_refusal_stands_at_the_field_and_loses_nothing(string culture, string sentence)
    {
        UseCulture(culture);
        var form = Form(_ => new Problem("Text", "numbers_no_country", 3));

        await form.Find("textarea").ChangeAsync(new() { Value = "13800138000" });
        await form.Find("form").SubmitAsync();

        Assert.Contains(sentence, form.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("13800138000", form.Find("textarea").GetAttribute("value"));
    }

    [Theory]
    [InlineData("en", "Asked not to be written to", "this page")]
    [InlineData("zh-Hans", "要求不再接收", "本页面")]
    public async Task Opted_out_numbers_say_why_and_can_be_undone(string culture, string reason, string source)
    {
        UseCulture(culture);
        SuppressionRow? undone = null;
        var row = new SuppressionRow("8613800138000", "+86 138 0013 8000", SuppressionReason.OptedOut, "page", Now);

        var table = Render<OptOutTable>(p => p.Add(t => t.Rows, [row]).Add(t => t.MayChange, value: true).Add(t => t.OnUndo, r => undone = r));

        Assert.Equal([reason, source], table.FindAll("td").Skip(1).Take(2).Select(c => c.TextContent));
        await table.Find("button").ClickAsync(new());
        Assert.Equal(row, undone);
    }

    [Fact]
    public void Somebody_who_only_looks_can_undo_nothing()
    {
        var row = new SuppressionRow(null, "+86 138 •••• 8000", SuppressionReason.Manual, "list.csv", Now);

        var table = Render<OptOutTable>(p => p.Add(t => t.Rows, [row]));

        Assert.Empty(table.FindAll("button"));
        Assert.Equal("list.csv", table.FindAll("td")[2].TextContent);
    }

    private IRenderedComponent<OptOutForm> Form(Func<SuppressNumbersInput, Result<SuppressOutcome>> send) =>
        Render<OptOutForm>(p => p.Add(f => f.Own, "CN").Add(f => f.OnSend, input => Task.FromResult(send(input))));
}
