using Sylvan.Data.Csv;

namespace Portal.Contacts;

/// <summary>Goes through a file row by row without keeping any. Rows without content are passed over.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int LongestRow = 1024 * 1024;
    private const int MostLinesOfRow = 10;

    private readonly CsvDataReader _reader;
    private readonly CsvLayout _layout;
    private int _next = 1;

    public CsvRows(byte[] utf8, CsvLayout layout)
    {
        _layout = layout;
        _reader = CsvDataReader.Create(new StreamReader(new MemoryStream(utf8, writable: false)), new CsvDataReaderOptions
        {
            // The header is read like any row: a repeated or empty heading must not stop the file.
            HasHeaders = false,
            Delimiter = layout.Delimiter,
            CsvStyle = layout.Quoted ? CsvStyle.Lax : CsvStyle.Escaped,
            Escape = layout.Quoted ? '"' : '\0',
            Comment = '\0',
            MaxBufferSize = LongestRow,
            ResultSetMode = ResultSetMode.SingleResult,
        });
    }

    /// <summary>The line on which the row begins, from 1.</summary>
    public int Line { get; private set; }

    public int Cells => _reader.RowFieldCount;

    /// <summary>The quotes of this row run over many lines or do not close.</summary>
    public bool QuotesRunAway { get; private set; }

    /// <exception cref="CsvRecordTooLargeException">A row is longer than any table's.</exception>
    public bool Read()
    {
        while (_reader.Read())
        {
            Line = _next;
            Measure();
            if (!IsBlank())
                return true;
        }
        return false;
    }

    public string Cell(int index)
    {
        if (index >= Cells)
            return "";
        var cell = _reader.GetFieldSpan(index).Trim();
        if (!_layout.Quoted && cell is ['"', .. var inner, '"'])
            cell = inner.Trim();
        return SpreadsheetText.FromCell(cell).ToString();
    }

    public void Dispose() => _reader.Dispose();

    private void Measure()
    {
        var raw = _reader.GetRawRecordSpan();
        var inside = Breaks(raw.TrimEnd("\r\n"));
        _next += Math.Max(Breaks(raw), 1);
        QuotesRunAway = _layout.Quoted && inside > 0 && (inside > MostLinesOfRow || raw.Count('"') % 2 != 0);
    }

    private static int Breaks(ReadOnlySpan<char> text) => text.Count('\n') is > 0 and var lines ? lines : text.Count('\r');

    private bool IsBlank()
    {
        for (var i = 0; i < Cells; i++)
        {
            if (!_reader.GetFieldSpan(i).IsWhiteSpace())
                return false;
        }
        return true;
    }
}
