namespace Portal.ArchitectureTests;

public sealed class LanguageTests
{
    [Fact]
    public void Every_text_is_there_in_both_languages() => Rule.Holds(LanguageRules.Violations(Checkout.Files("src", ".resx")));

    [Fact]
    public void There_are_texts() => Assert.NotEmpty(Checkout.Files("src", ".resx"));

    [Theory]
    [InlineData("a=One", "", "a is missing in Chinese")]
    [InlineData("", "a=一", "a is missing in English")]
    [InlineData("a=One", "a= ", "a is empty")]
    [InlineData("a={0} of {1}", "a={0}", "a takes [0 1] in English and [0] in Chinese")]
    [InlineData("a=Send to {0:N0} people", "a=发给 {0:N0} 人", "a says \"{0:N0} people\" of one as well: give it both forms, as in {0:person|people}")]
    public void A_difference_is_found(string english, string chinese, string said) =>
        Assert.Equal([$"T.resx: {said}"], LanguageRules.Violations([File("T.resx", english), File("T.zh-Hans.resx", chinese)]));

    [Fact]
    public void A_file_without_its_pair_is_found() => Assert.Equal(
        ["Only.zh-Hans.resx: no English beside it", "Text.resx: no Chinese beside it"],
        LanguageRules.Violations([File("Text.resx", "a=One"), File("Only.zh-Hans.resx", "a=一")]));

    [Fact]
    public void The_same_places_in_another_order_and_format_are_fine() => Assert.Empty(
        LanguageRules.Violations([File("T.resx", "a={0:N0} of {1}, {{name}}"), File("T.zh-Hans.resx", "a={1} 中 {0}，{{姓名}}")]));

    private static SourceFile File(string name, string texts) => new(name,
        $"<root>{string.Concat(texts.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split('=')).Select(p => $"<data name='{p[0]}'><value>{p[1]}</value></data>"))}</root>");
}
