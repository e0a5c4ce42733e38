using Portal.Templates;

namespace Portal.Tests.Templates;

public sealed class TemplateTextTests
{
    [Theory]
    [InlineData("Dear {{name}}, your code is {{ Order_No }}.", "name|order_no")]
    [InlineData("{{姓名}}您好，{{姓名}}的订单已发出", "姓名")]
    [InlineData("{{First Name}} {{first name}}", "first name")]
    [InlineData("{{Straße}} { one } brace is text", "straße")]
    [InlineData("no place at all", "")]
    [InlineData("", "")]
    public void Fields_are_named_once_in_their_normal_form(string text, string fields) =>
        Assert.Equal(fields, string.Join('|', TemplateText.Parse(text).Value.Fields));

    [Fact]
    public void Parts_follow_each_other_as_in_the_text()
    {
        var parts = TemplateText.Parse("Dear {{Name}}: {{code}}{{code}}!").Value.Parts;

        TemplatePart[] expected = [new(false, "Dear "), new(true, "name"), new(false, ": "), new(true, "code"), new(true, "code"), new(false, "!")];
        Assert.Equal(expected, parts);
    }

    [Theory]
    [InlineData("Dear {{name", "template_unclosed", 6)]
    [InlineData("Dear {{name} and more", "template_unclosed", 6)]
    [InlineData("{{a {{b}}", "template_unclosed", 1)]
    [InlineData("Dear name}}", "template_stray_close", 10)]
    [InlineData("x{{}}", "template_bad_field", 2)]
    [InlineData("x{{  }}", "template_bad_field", 2)]
    [InlineData("{{#if vip}}", "template_bad_field", 1)]
    [InlineData("{{name|upper}}", "template_bad_field", 1)]
    [InlineData("{{{name}}}", "template_bad_field", 1)]
    [InlineData("尊敬的｛｛姓名｝｝", "template_wide_braces", 4)]
    public void A_mistake_is_refused_with_its_place(string text, string code, int place)
    {
        var problem = TemplateText.Parse(text).Problems[0];

        Assert.Equal(("Text", code, place), (problem.Field, problem.Code, (int)problem.Values[0]));
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var problems = TemplateText.Parse("{{a!}} then {{b").Problems;

        Assert.Equal(["template_bad_field", "template_unclosed"], problems.Select(p => p.Code));
        Assert.Equal("a!", problems[0].Values[1]);
    }

    [Fact]
    public void A_text_is_filled_from_the_fields()
    {
        var text = TemplateText.Parse("Dear {{ NAME }}, {{code}}").Value;

        Assert.Equal("Dear 王, 42", text.Render(Fields(("name", "王"), ("code", "42"), ("other", "x"))).Text);
    }

    [Fact]
    public void Missing_and_blank_fields_are_named_and_give_no_text()
    {
        var text = TemplateText.Parse("{{a}}{{b}}{{c}}{{a}}").Value;

        var rendered = text.Render(Fields(("b", "x"), ("c", "  ")));

        Assert.Null(rendered.Text);
        Assert.Equal(["a", "c"], rendered.Missing);
    }

    [Fact]
    public void What_is_filled_in_is_not_read_for_places()
    {
        var text = TemplateText.Parse("{{a}}").Value;

        Assert.Equal("{{b}}", text.Render(Fields(("a", "{{b}}"), ("b", "no"))).Text);
    }

    private static Dictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
}
