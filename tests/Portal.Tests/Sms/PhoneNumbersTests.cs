using System.Text.RegularExpressions;

using FsCheck;
using FsCheck.Xunit;

using Portal.Sms.Numbers;

namespace Portal.Tests.Sms;

public sealed partial class PhoneNumbersTests
{
    [Theory]
    [InlineData("+8619800001234", null, "8619800001234", "CN")]
    [InlineData("+86 198-0000-1234", null, "8619800001234", "CN")]
    [InlineData("008619800001234", null, "8619800001234", "CN")]
    [InlineData("00 86 198 0000 1234", "US", "8619800001234", "CN")]
    [InlineData("8619800001234", null, "8619800001234", "CN")]
    [InlineData("8619800001234", "CN", "8619800001234", "CN")]
    [InlineData("19800001234", "CN", "8619800001234", "CN")]
    [InlineData("19800001234", "cn", "8619800001234", "CN")]
    [InlineData("１９８ ００００ １２３４", "CN", "8619800001234", "CN")]
    [InlineData("＋８６　１９８００００１２３４", null, "8619800001234", "CN")]
    [InlineData("(+86) 198.0000.1234", null, "8619800001234", "CN")]
    [InlineData("（+86）19800001234", null, "8619800001234", "CN")]
    [InlineData("'+8619800001234", null, "8619800001234", "CN")]
    [InlineData("\u202A+86 198\u00A00000\u20111234\u202C", null, "8619800001234", "CN")]
    [InlineData("8619800001234.0", null, "8619800001234", "CN")]
    [InlineData("8619800001234.00", "CN", "8619800001234", "CN")]
    [InlineData("+65 8123 4520", null, "6581234520", "SG")]
    [InlineData("81234520", "SG", "6581234520", "SG")]
    [InlineData("+44 (0)7400 123456", null, "447400123456", "GB")]
    [InlineData("07400 123456", "GB", "447400123456", "GB")]
    [InlineData("+39 06 1234 5678", null, "390612345678", "IT")]
    [InlineData("6581234520", "CN", "6581234520", "SG")]
    [InlineData("919800001235", null, "919800001235", "IN")]
    [InlineData("٠٧٤٠٠ ١٢٣٤٥٦", "GB", "447400123456", "GB")]
    public void A_number_is_read_in_every_spelling(string input, string? region, string number, string country) =>
        Assert.Equal(new NumberResult(number, NumberProblem.None, country), PhoneNumbers.Parse(input, region));

    [Theory]
    [InlineData(null, null, NumberProblem.Empty)]
    [InlineData("", "CN", NumberProblem.Empty)]
    [InlineData(" \u00A0\t", "CN", NumberProblem.Empty)]
    [InlineData("19800001234", null, NumberProblem.NoCountry)]
    [InlineData("19800001234", "XX", NumberProblem.NoCountry)]
    [InlineData("07400 123456", null, NumberProblem.NoCountry)]
    [InlineData("8.61E+12", null, NumberProblem.NotANumber)]
    [InlineData("8.61E+12", "CN", NumberProblem.NotANumber)]
    [InlineData("8,61E+12", "CN", NumberProblem.NotANumber)]
    [InlineData("hello", "CN", NumberProblem.NotANumber)]
    [InlineData("1-800-FLOWERS", "US", NumberProblem.NotANumber)]
    [InlineData("+86 198 0000 1234 ext 5", null, NumberProblem.NotANumber)]
    [InlineData("+86 198 0000 1234; 138", null, NumberProblem.NotANumber)]
    [InlineData("86+19800001234", null, NumberProblem.NotANumber)]
    [InlineData("++8619800001234", null, NumberProblem.NotANumber)]
    [InlineData("+", null, NumberProblem.NotANumber)]
    [InlineData("()", "CN", NumberProblem.NotANumber)]
    [InlineData("#N/A", "CN", NumberProblem.NotANumber)]
    [InlineData("20/05/2026", "DK", NumberProblem.NotANumber)]
    [InlineData("+86 198 0000", null, NumberProblem.TooShort)]
    [InlineData("198", "CN", NumberProblem.TooShort)]
    [InlineData("+86 198 0000 1234 5678", null, NumberProblem.TooLong)]
    [InlineData("+65 8123 45201", null, NumberProblem.TooLong)]
    [InlineData("9119800001234", "IN", NumberProblem.TooLong)]
    [InlineData("+999 123 456 789", null, NumberProblem.NotValid)]
    [InlineData("+86 100 0000 0000", null, NumberProblem.NotValid)]
    [InlineData("000000000", "CN", NumberProblem.NotValid)]
    public void What_is_no_number_has_its_reason(string? input, string? region, NumberProblem problem) =>
        Assert.Equal(new NumberResult(null, problem, null), PhoneNumbers.Parse(input, region));

    [Fact]
    public void An_input_that_is_endless_is_not_a_number() =>
        Assert.Equal(NumberProblem.NotANumber, PhoneNumbers.Parse(new string('1', 100_000), "CN").Problem);

    [Fact]
    public void A_number_that_reads_both_ways_is_the_assumed_countrys_own()
    {
        // Without a country it is a number in Arkansas; with China given it is a Chinese mobile.
        Assert.Equal("15012345678", PhoneNumbers.Parse("15012345678", null).Number);
        Assert.Equal("8615012345678", PhoneNumbers.Parse("15012345678", "CN").Number);
        Assert.Equal("15012345678", PhoneNumbers.Parse("+15012345678", "CN").Number);
        Assert.Equal("15012345678", PhoneNumbers.Parse("0015012345678", "CN").Number);
    }

    [Theory]
    [InlineData("8619800001234", "+86 198 0000 1234", "+86 198 •••• 1234")]
    [InlineData("6581234520", "+65 8123 4520", "+65 81•• ••20")]
    [InlineData("919800001235", "+91 98000 01235", "+91 980 ••• 1235")]
    [InlineData("99912345678", "+99912345678", "+999 •••• 5678")]
    public void A_number_is_shown_and_masked(string number, string shown, string masked)
    {
        Assert.Equal(shown, PhoneNumbers.Display(number));
        Assert.Equal(masked, PhoneNumbers.Mask(number));
    }

    [Property(MaxTest = 1000)]
    public bool A_mask_hides_at_least_three_digits_of_any_number(PositiveInt first, DoNotSize<ulong> rest, PositiveInt length)
    {
        var digits = $"{(first.Get % 9) + 1}{rest.Item:D20}"[..(7 + (length.Get % 9))];
        var masked = PhoneNumbers.Mask(digits);
        return PhoneNumbers.IsNumber(digits)
            && masked.Count(char.IsAsciiDigit) <= digits.Length - 3
            && masked.Count(c => c == '•') + masked.Count(char.IsAsciiDigit) == digits.Length;
    }

    [Property(MaxTest = 1000)]
    public bool Whatever_is_typed_gives_a_number_in_its_one_form_or_a_reason(string input, bool inChina)
    {
        var result = PhoneNumbers.Parse(input, inChina ? "CN" : null);
        return result.Number is null
            ? result.Problem is not NumberProblem.None
            : result.Problem is NumberProblem.None && Form().IsMatch(result.Number);
    }

    [Property]
    public bool A_number_that_was_read_reads_again_as_itself(DoNotSize<uint> tail)
    {
        var read = PhoneNumbers.Parse($"138{tail.Item % 100_000_000:D8}", "CN").Number;
        return read is not null
            && PhoneNumbers.Parse(read, "CN").Number == read
            && PhoneNumbers.Parse("+" + read, "US").Number == read
            && PhoneNumbers.Parse(PhoneNumbers.Display(read), null).Number == read;
    }

    [Fact]
    public void A_country_has_a_code_and_a_number_has_a_country()
    {
        Assert.Equal("CN", PhoneNumbers.RegionOf("8619800001234"));
        Assert.Null(PhoneNumbers.RegionOf("99912345678"));
        Assert.Equal("86", PhoneNumbers.CountryCallingCode("CN"));
        Assert.Equal("1", PhoneNumbers.CountryCallingCode("us"));
        Assert.Equal("", PhoneNumbers.CountryCallingCode("XX"));
        Assert.Contains("CN", PhoneNumbers.Regions);
    }

    [GeneratedRegex("^[1-9][0-9]{6,14}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
