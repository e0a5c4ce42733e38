using AngleSharp.Dom;
using Bunit;
using Portal.Web.Accounts;

namespace Portal.Web.Tests.Accounts;

public sealed class AccountFormTests : PortalContext
{
    private const string Secret = "0123456789abcdef";

    [Theory]
    [InlineData("en", "Secret", "wrong_key_pair", "do not belong together (102)")]
    [InlineData("zh-Hans", "Secret", "wrong_key_pair", "不匹配（102）")]
    [InlineData("en", "ApiKey", "wrong_apikey", "does not know this apikey (101)")]
    [InlineData("zh-Hans", "ApiKey", "wrong_apikey", "不认得该 apikey（101）")]
    [InlineData("en", "BaseAddress", "connection_refused", "Nobody answers at this address")]
    [InlineData("zh-Hans", "BaseAddress", "connection_refused", "该地址没有应答")]
    [InlineData("en", "BaseAddress", "name_not_resolved", "no server of this name")]
    [InlineData("zh-Hans", "BaseAddress", "name_not_resolved", "找不到该域名")]
    [InlineData("en", "Label", "required", "This is needed.")]
    [InlineData("zh-Hans", "Label", "required", "必填。")]
    public void A_mistake_stands_at_its_field_in_the_persons_language(string culture, string field, string code, string sentence)
    {
        UseCulture(culture);

        var input = Form(new Problem(field, code)).Find($"[name={field}]");

        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Contains(sentence, ErrorOf(input), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_stand_in_the_sentence() =>
        Assert.Contains("from 1 to 1000", ErrorOf(Form(new Problem("BatchSize", "out_of_range", 1, 1000)).Find("[name=BatchSize]")), StringComparison.Ordinal);

    [Fact]
    public void A_mistake_of_the_whole_form_is_read_out() =>
        Assert.Contains("trouble at the moment", Form(new Problem("", "provider_trouble")).Find("[role=alert].notice").TextContent, StringComparison.Ordinal);

    [Fact]
    public void What_was_typed_stays_when_it_was_refused()
    {
        var draft = new AccountDraft();
        var form = Render<AccountForm>(p => p.Add(f => f.Draft, draft));
        form.Find("[name=Label]").Change("Lantern");
        form.Find("[name=ApiKey]").Change("abc+/=");
        form.Find("[name=Secret]").Change(Secret);
        form.Find("[name=Rate]").Change("many");

        form.Render(p => p.Add(f => f.Problems, [new Problem("Secret", "wrong_key_pair"), new Problem("Rate", "out_of_range", 1, 100000)]));

        Assert.Equal(["Lantern", "abc+/=", Secret, "many"], new[] { "Label", "ApiKey", "Secret", "Rate" }.Select(n => form.Find($"[name={n}]").GetAttribute("value")));
        Assert.Equal(0, draft.Read().Settings.Rate);
    }

    [Fact]
    public void Keys_are_dots_until_the_person_asks()
    {
        var form = Form();
        Assert.Equal(["password", "password"], form.FindAll("[name=ApiKey], [name=Secret]").Select(i => i.GetAttribute("type")));
        Assert.All(form.FindAll("[name=ApiKey], [name=Secret]"), i => Assert.Equal("off", i.GetAttribute("autocomplete")));

        form.Find("button[aria-label='Show secret']").Click();

        Assert.Equal(["password", "text"], form.FindAll("[name=ApiKey], [name=Secret]").Select(i => i.GetAttribute("type")));
    }

    [Theory]
    [InlineData("en", "Nothing is sent and nothing is billed")]
    [InlineData("zh-Hans", "不会发送任何短信，也不会计费")]
    public void It_says_before_saving_what_will_happen(string culture, string sentence)
    {
        UseCulture(culture);

        Assert.Contains(sentence, Form().Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "With a number that cannot exist", "With a real message to your own number", "billed by the provider", "Save and send the message")]
    [InlineData("zh-Hans", "用一个不存在的号码", "向您自己的号码发送一条真实短信", "由服务商计费", "保存并发送短信")]
    public void The_pair_is_tried_without_a_message_unless_the_person_asks_for_one(string culture, string call, string message, string cost, string button)
    {
        UseCulture(culture);
        var draft = new AccountDraft { Text = "Hello" };
        var form = Render<AccountForm>(p => p.Add(f => f.Draft, draft));
        Assert.All((string[])[call, message, cost], text => Assert.Contains(text, form.Markup, StringComparison.Ordinal));
        Assert.True(form.Find("[name=Proof][value=call]").HasAttribute("checked"));
        Assert.Empty(form.FindAll("[name=Number], [name=Text]"));

        form.Find("[name=Proof][value=message]").Change("message");

        Assert.Equal("Hello", form.Find("[name=Text]").GetAttribute("value"));
        Assert.Contains(button, form.Find("button[type=submit]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "number_no_country", "with its country code", "A text is needed.")]
    [InlineData("zh-Hans", "number_no_country", "请加上国家代码", "请填写内容。")]
    public void What_is_wrong_with_the_message_stands_at_its_fields_and_what_was_typed_stays(string culture, string code, string number, string text)
    {
        UseCulture(culture);
        var draft = new AccountDraft { ByMessage = true, Text = "Hello" };
        var form = Render<AccountForm>(p => p.Add(f => f.Draft, draft));
        form.Find("[name=Number]").Change("198 0000 1234");
        form.Find("[name=ApiKey]").Change("abc+/=");
        form.Find("[name=Text]").Change(" ");

        form.Render(p => p.Add(f => f.Problems, [new Problem("Number", code), new Problem("Text", "text_empty")]));

        Assert.Contains(number, ErrorOf(form.Find("[name=Number]")), StringComparison.Ordinal);
        Assert.Contains(text, ErrorOf(form.Find("[name=Text]")), StringComparison.Ordinal);
        Assert.Equal(["198 0000 1234", "abc+/="], new[] { "Number", "ApiKey" }.Select(n => form.Find($"[name={n}]").GetAttribute("value")));
        var read = draft.ReadByMessage();
        Assert.Equal(("198 0000 1234", " "), (read.Number, read.Text));
    }

    [Fact]
    public async Task While_the_provider_is_asked_it_cannot_be_saved_twice()
    {
        var asked = new TaskCompletionSource();
        var calls = 0;
        var form = Render<AccountForm>(p => p.Add(f => f.Draft, new AccountDraft()).Add(f => f.OnSave, () =>
        {
            calls++;
            return asked.Task;
        }));

        var saving = form.Find("form").SubmitAsync();
        Assert.True(form.Find("button[type=submit]").HasAttribute("disabled"));
        await form.Find("form").SubmitAsync();
        asked.SetResult();
        await saving;

        Assert.Equal(1, calls);
        Assert.False(form.Find("button[type=submit]").HasAttribute("disabled"));
    }

    private IRenderedComponent<AccountForm> Form(params Problem[] problems) =>
        Render<AccountForm>(p => p.Add(f => f.Draft, new AccountDraft()).Add(f => f.Problems, problems));

    private static string ErrorOf(IElement input) => input.Closest(".field")!.QuerySelector(".field-error")!.TextContent;
}
