using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Contacts;
using Portal.Templates;

namespace Portal.Tests.Templates;

public sealed class TemplateTextProperties
{
    [Property]
    public void A_text_without_double_braces_is_one_literal(NonNull<string> given)
    {
        var text = given.Get.Replace('{', '(').Replace('}', ')').Replace('｛', '(').Replace('｝', ')');

        var parsed = TemplateText.Parse(text).Value;

        Assert.Equal(text, string.Concat(parsed.Parts.Select(p => p.Value)));
        Assert.Empty(parsed.Fields);
        Assert.Equal(text, parsed.Render(new Dictionary<string, string>()).Text);
    }

    [Property]
    public Property Parts_written_out_give_the_same_parts_again() => Prop.ForAll(Texts(), text =>
    {
        var parsed = TemplateText.Parse(text).Value;
        var again = TemplateText.Parse(string.Concat(parsed.Parts.Select(p => p.IsField ? "{{" + p.Value + "}}" : p.Value))).Value;

        Assert.Equal(parsed.Parts, again.Parts);
    });

    [Property]
    public Property Filling_replaces_every_place_and_nothing_else() => Prop.ForAll(Texts(), text =>
    {
        var parsed = TemplateText.Parse(text).Value;
        var values = parsed.Fields.ToDictionary(f => f, f => $"<{f}>", StringComparer.Ordinal);

        var rendered = parsed.Render(values).Text;

        Assert.Equal(string.Concat(parsed.Parts.Select(p => p.IsField ? $"<{p.Value}>" : p.Value)), rendered);
        Assert.All(parsed.Parts.Where(p => !p.IsField), p => Assert.NotEqual("", p.Value));
    });

    [Property]
    public void No_text_makes_the_reader_fail(NonNull<string> given, bool twice)
    {
        var text = twice ? given.Get.Replace("{", "{{").Replace("}", "}}") : given.Get;

        var parsed = TemplateText.Parse(text);

        Assert.All(parsed.Problems, p => Assert.InRange((int)p.Values[0], 1, text.Length));
    }

    [Property]
    public void The_normal_form_of_a_name_is_its_own_normal_form(NonNull<string> name) =>
        Assert.Equal(FieldName.Normal(name.Get), FieldName.Normal(FieldName.Normal(name.Get)));

    // Contacts and templates do not know each other: this holds their names together.
    [Property]
    public void Every_field_that_an_import_makes_of_a_heading_can_stand_in_a_text(NonNull<string> heading)
    {
        if (FieldNames.Of(heading.Get) is not { } name)
            return;

        Assert.Equal([name], TemplateText.Parse("{{" + name + "}}").Value.Fields);
    }

    private static Arbitrary<string> Texts()
    {
        var piece = Gen.Elements("Dear ", "{{name}}", "{{ Code }}", "{{姓名}}", "您好", "{ x }", "\n", " ", "{{First name}}", "100% ", "😀");
        return piece.ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();
    }
}
