using System.Collections.Frozen;
using System.Globalization;

using PhoneNumbers;

namespace Portal.Sms.Numbers;

/// <summary>Telephone numbers as the portal keeps them: country code and number, digits only, no plus.</summary>
public static class PhoneNumbers
{
    private const int Shortest = 7;
    private const int Longest = 15;

    private static readonly PhoneNumberUtil _util = PhoneNumberUtil.GetInstance();

    private static readonly FrozenSet<string> _known = _util.GetSupportedRegions().ToFrozenSet();

    /// <summary>The two letters of every country that can be a default, in alphabetical order.</summary>
    public static IReadOnlyList<string> Regions { get; } = [.. _known.Order(StringComparer.Ordinal)];

    /// <summary>True for the form in which numbers are kept and sent: <c>^[1-9][0-9]{6,14}$</c>. It says nothing about whether the number exists.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length is >= Shortest and <= Longest && text[0] != '0' && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>
    /// Reads what a person typed or a file held. With a plus or <c>00</c> in front it is international. Without, it is read as a number of
    /// <paramref name="region"/> when that gives a valid one, and otherwise as country code and number when that does.
    /// </summary>
    /// <param name="input">Blanks, dashes, brackets and full-width digits are fine.</param>
    /// <param name="region">The two letters of the country to assume; null, or one that does not exist, for none.</param>
    public static NumberResult Parse(string? input, string? region)
    {
        if (string.IsNullOrWhiteSpace(input))
            return Problem(NumberProblem.Empty);
        if (Spelling.Read(input) is not var (plus, digits))
            return Problem(NumberProblem.NotANumber);
        if (plus)
            return Read("+" + digits, null);
        if (digits.StartsWith("00", StringComparison.Ordinal))
            return Read("+" + digits[2..], null);

        var assumed = Existing(region);
        var national = assumed is null ? Problem(NumberProblem.NoCountry) : Read(digits, assumed);
        if (national.Problem is NumberProblem.None)
            return national;
        var international = Read("+" + digits, null);
        return international.Problem is NumberProblem.None ? international : national;
    }

    /// <summary>For reading: <c>+86 198 0000 1234</c>.</summary>
    public static string Display(string number) =>
        Find(number) is { } found ? _util.Format(found, PhoneNumberFormat.INTERNATIONAL) : "+" + number;

    /// <summary>For those who need not know whose it is: <c>+86 198 •••• 1234</c>, <c>+65 81•• ••20</c>.</summary>
    public static string Mask(string number)
    {
        var country = Find(number)?.CountryCode.ToString(CultureInfo.InvariantCulture) ?? "";
        var national = NumberMask.Hide(number[country.Length..]);
        return country.Length == 0 ? "+" + national : $"+{country} {national}";
    }

    /// <summary>The two letters of a number's country; null when it belongs to none.</summary>
    public static string? RegionOf(string number) => Find(number) is { } found ? Region(found) : null;

    /// <summary>A country's calling code (<c>86</c>); empty when there is no such country.</summary>
    public static string CountryCallingCode(string region) =>
        Existing(region) is { } existing ? _util.GetCountryCodeForRegion(existing).ToString(CultureInfo.InvariantCulture) : "";

    private static NumberResult Read(string text, string? region)
    {
        try
        {
            var found = _util.Parse(text, region);
            if (!_util.IsValidNumber(found))
                return Problem(WhyNot(found));
            var number = _util.Format(found, PhoneNumberFormat.E164)[1..];
            return IsNumber(number) ? new NumberResult(number, NumberProblem.None, Region(found)) : Problem(NumberProblem.NotValid);
        }
        catch (NumberParseException e)
        {
            return Problem(e.ErrorType switch
            {
                ErrorType.TOO_SHORT_AFTER_IDD or ErrorType.TOO_SHORT_NSN => NumberProblem.TooShort,
                ErrorType.TOO_LONG => NumberProblem.TooLong,
                ErrorType.NOT_A_NUMBER => NumberProblem.NotANumber,
                _ => NumberProblem.NotValid,
            });
        }
    }

    // Measured by the lengths of mobile numbers, for these are written to; fixed lines come in more lengths.
    private static NumberProblem WhyNot(PhoneNumber found) => _util.IsPossibleNumberForTypeWithReason(found, PhoneNumberType.MOBILE) switch
    {
        PhoneNumberUtil.ValidationResult.TOO_SHORT or PhoneNumberUtil.ValidationResult.IS_POSSIBLE_LOCAL_ONLY => NumberProblem.TooShort,
        PhoneNumberUtil.ValidationResult.TOO_LONG => NumberProblem.TooLong,
        _ => NumberProblem.NotValid,
    };

    private static PhoneNumber? Find(string number)
    {
        try
        {
            return _util.Parse("+" + number, null);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    // "001" stands for numbers of no country, such as satellite telephones.
    private static string? Region(PhoneNumber found) => _util.GetRegionCodeForNumber(found) is { Length: 2 } region ? region : null;

    private static string? Existing(string? region) => region?.Trim().ToUpperInvariant() is { } upper && _known.Contains(upper) ? upper : null;

    private static NumberResult Problem(NumberProblem problem) => new(null, problem, null);
}
