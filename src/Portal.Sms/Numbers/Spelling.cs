using System.Globalization;
using System.Text;

namespace Portal.Sms.Numbers;

/// <summary>Takes a number out of the ways in which people and spreadsheets write one, where that loses nothing.</summary>
internal static class Spelling
{
    private const int LongestInput = 64;

    /// <summary>The digits, and whether a plus stood before them; null when the input is not written as a number.</summary>
    public static (bool Plus, string Digits)? Read(string input)
    {
        var text = WithoutFraction(input.Trim().TrimStart('\''));
        if (text.Length > LongestInput)
            return null;
        var plus = false;
        var digits = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var value = Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber ? (int)Rune.GetNumericValue(rune) : -1;
            if (value >= 0)
                digits.Append((char)('0' + value));
            else if (IsPlus(rune) && !plus && digits.Length == 0)
                plus = true;
            else if (!IsBetweenDigits(rune))
                return null;
        }
        return digits.Length == 0 ? null : (plus, digits.ToString());
    }

    // A spreadsheet's 8613800138000.0: the zero is no digit of the number.
    private static string WithoutFraction(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && text.AsSpan(point + 1).Length > 0 && !text.AsSpan(point + 1).ContainsAnyExcept('0')
            && !text.AsSpan(0, point).TrimStart('+').ContainsAnyExceptInRange('0', '9')
                ? text[..point]
                : text;
    }

    private static bool IsPlus(Rune rune) => rune.Value is '+' or '＋';

    // Blanks, dashes of every kind, brackets, points, and the invisible marks that come with a copied number.
    private static bool IsBetweenDigits(Rune rune) =>
        Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format
        || rune.Value is '(' or ')' or '（' or '）' or '[' or ']' or '.' or '·' or '−';
}
