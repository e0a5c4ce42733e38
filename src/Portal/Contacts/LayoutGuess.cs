using System.Text;
using Portal.Sms.Numbers;
using Sylvan.Data.Csv;

namespace Portal.Contacts;

/// <summary>Finds out how a file is to be read.</summary>
internal static class LayoutGuess
{
    public const int MostColumns = 100;

    private const int SampleBytes = 64 * 1024;
    private const int SampleLines = 50;

    /// <summary>The layout and how many rows it gives; null when no layout makes a table of the file.</summary>
    public static (CsvLayout Layout, int Rows)? Of(byte[] utf8)
    {
        var delimiter = Delimiter(Encoding.UTF8.GetString(utf8, 0, Math.Min(utf8.Length, SampleBytes)));
        foreach (var quoted in (bool[])[true, false])
        {
            var layout = new CsvLayout(delimiter, HasHeader: false, quoted);
            if (Count(utf8, layout) is not { } rows)
                continue;
            var header = HasHeader(utf8, layout);
            return (layout with { HasHeader = header }, header ? rows - 1 : rows);
        }
        return null;
    }

    /// <summary>Written as a number, with a country code or without.</summary>
    public static bool LooksLikeNumber(string cell)
    {
        var digits = cell.Count(char.IsDigit);
        return digits is >= 7 and <= 17 && PhoneNumbers.Parse(cell, null).Problem is not (NumberProblem.NotANumber or NumberProblem.Empty);
    }

    private static char Delimiter(string sample)
    {
        var lines = sample.Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)).Take(SampleLines).Select(OutsideQuotes).ToList();
        return CsvLayout.Delimiters
            .Select(d => (Delimiter: d, Lines: lines.Count(l => l.Contains(d)), Same: lines.Count(l => l.Count(c => c == d) == lines[0].Count(c => c == d))))
            .Where(d => d.Lines > 0)
            .OrderByDescending(d => d.Lines).ThenByDescending(d => d.Same)
            .Select(d => d.Delimiter)
            .FirstOrDefault(',');
    }

    private static string OutsideQuotes(string line) => string.Concat(line.Split('"').Where((_, i) => i % 2 == 0));

    private static int? Count(byte[] utf8, CsvLayout layout)
    {
        try
        {
            using var rows = new CsvRows(utf8, layout);
            var count = 0;
            for (; rows.Read(); count++)
            {
                if (rows.QuotesRunAway || rows.Cells > MostColumns)
                    return null;
            }
            return count;
        }
        catch (CsvRecordTooLargeException)
        {
            return null;
        }
    }

    // Headings hold no numbers; the rows below them do, or the headings are words that we know.
    private static bool HasHeader(byte[] utf8, CsvLayout layout)
    {
        using var rows = new CsvRows(utf8, layout);
        if (!rows.Read())
            return false;
        var headings = Enumerable.Range(0, rows.Cells).Select(rows.Cell).ToList();
        if (headings.Any(LooksLikeNumber))
            return false;
        if (headings.Any(ColumnGuess.NamesNumbers))
            return true;
        for (var i = 0; i < SampleLines && rows.Read(); i++)
        {
            if (Enumerable.Range(0, rows.Cells).Any(c => LooksLikeNumber(rows.Cell(c))))
                return true;
        }
        return false;
    }
}
