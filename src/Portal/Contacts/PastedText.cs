using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Contacts;

/// <summary>
/// What people paste: numbers one a line, or many on a line between commas or blanks, or cells from a spreadsheet.
/// </summary>
internal static partial class PastedText
{
    private const int FewestDigits = 7;

    private static readonly char[] _between = [',', ';', '，', '；', '、'];

    // Blanks stand inside a number too: only what is a whole number on both sides of one is cut apart.
    [GeneratedRegex(@"(?<=\d{9})\s+(?=\+?\d{9})", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex BetweenWhole { get; }

    /// <summary>One number a line where the text is nothing but numbers; else the text as it is, a table.</summary>
    public static string Normal(string text)
    {
        if (text.Contains('\t'))
            return text;
        var pieces = text.Split([.. _between, '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var numbers = pieces.Count(LooksLikeNumber);
        if (numbers * 10 < pieces.Length * 8 && text.IndexOfAny(_between) >= 0)
            return text;
        var lines = new StringBuilder(text.Length);
        foreach (var piece in pieces)
            lines.Append(BetweenWhole.Replace(piece, "\n")).Append('\n');
        return lines.ToString();
    }

    private static bool LooksLikeNumber(string piece) =>
        piece.Count(char.IsDigit) >= FewestDigits && !piece.Any(char.IsLetter);
}
