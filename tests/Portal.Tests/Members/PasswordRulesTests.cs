using Portal.Members;

namespace Portal.Tests.Members;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("operator-demo-5080")]
    [InlineData("lantern-demo-5080")]
    [InlineData("三个互不相关的词语组成的句子")]
    [InlineData("nichts als buchstaben")]
    public void Length_is_what_counts(string password) => Assert.Null(Check(password));

    [Theory]
    [InlineData("", "password_length")]
    [InlineData("elevenchars", "password_length")]
    [InlineData("1qaz2wsx3edc", "password_common")]
    [InlineData("QWERTY123456", "password_common")]
    [InlineData("aaaaaaaaaaaaaaa", "password_common")]
    [InlineData("abababababababab", "password_common")]
    [InlineData("123456789012345", "password_common")]
    [InlineData("abcdefghijklmnop", "password_common")]
    [InlineData("lanternowner1", "password_own")]
    [InlineData("Lantern-Tea-Owner", "password_own")]
    [InlineData("portalportal2026", "password_own")]
    public void What_is_guessed_first_is_refused(string password, string code) => Assert.Equal(code, Check(password)?.Code);

    [Fact]
    public void A_sentence_of_256_characters_is_taken_and_one_more_is_not()
    {
        var sentence = string.Concat(Enumerable.Repeat("a long sentence of words ", 11))[..PasswordRules.MaxLength];

        Assert.Null(Check(sentence));
        Assert.Equal("password_length", Check(sentence + "x")?.Code);
    }

    [Fact]
    public void A_generated_password_is_never_refused() =>
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Null(Check(PasswordRules.Generate())));

    /// <summary>Four times seven of 31 signs: 138 bits, from the system's generator.</summary>
    [Fact]
    public void A_generated_password_has_more_than_128_bits()
    {
        string[] made = [.. Enumerable.Range(0, 1000).Select(_ => PasswordRules.Generate())];

        Assert.All(made, p => Assert.Matches("^[a-hjkmnp-z2-9]{7}(-[a-hjkmnp-z2-9]{7}){3}$", p));
        Assert.Equal(made.Length, made.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(31, made.SelectMany(p => p).Where(c => c != '-').Distinct().Count());
    }

    [Fact]
    public void The_problem_stands_at_the_field_that_was_named() => Assert.Equal("New", PasswordRules.Check("New", "short")?.Field);

    private static Problem? Check(string password) => PasswordRules.Check("Password", password, "owner@lantern.test", "Lin Yue", "Lantern Tea Co.");
}
