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
        var pieces = Pieces(text);
        var numbers = pieces.Count(LooksLikeNumber);
        return numbers * 10 < pieces.Length * 8 && text.IndexOfAny(_between) >= 0 ? text : string.Join('\n', pieces.SelectMany(Whole)) + "\n";
    }

    /// <summary>The numbers of a text that is to hold nothing else, also what is none.</summary>
    public static List<string> Numbers(string text) => [.. Pieces(text).SelectMany(Whole)];

    private static string[] Pieces(string text) =>
        text.Split([.. _between, '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Whole(string piece) => BetweenWhole.Split(piece);

    private static bool LooksLikeNumber(string piece) =>
        piece.Count(char.IsDigit) >= FewestDigits && !piece.Any(char.IsLetter);
}
