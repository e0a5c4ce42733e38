using System.Globalization;

namespace Portal.Contacts;

/// <summary>
/// What a spreadsheet would compute instead of show gets an apostrophe in front where it leaves the portal, and loses it where
/// it comes in again. Text that has such an apostrophe of its own gets one more, so that every text comes back as it was.
/// </summary>
public static class SpreadsheetText
{
    private const char Mark = '\'';

    // Also as Chinese keyboards write them.
    private const string Computed = "=+-@|%\t\r\n\0＝＋－＠｜％";

    /// <summary>The text as a cell of a file that people open in a spreadsheet.</summary>
    public static string ToCell(string text) => IsComputed(text.AsSpan().TrimStart(Mark)) ? Mark + text : text;

    /// <summary>The text that a cell of a file stands for.</summary>
    public static ReadOnlySpan<char> FromCell(ReadOnlySpan<char> cell) =>
        cell is [Mark, .. var rest] && IsComputed(rest.TrimStart(Mark)) ? rest : cell;

    private static bool IsComputed(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (Computed.Contains(c, StringComparison.Ordinal))
                return true;
            // What shows nothing hides nothing.
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)
                return false;
        }
        return false;
    }
}
