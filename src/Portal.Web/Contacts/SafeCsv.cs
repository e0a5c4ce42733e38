using System.Buffers;
using System.Text;
using Portal.Contacts;

namespace Portal.Web.Contacts;

/// <summary>
/// Writes CSV that a spreadsheet takes as text (<see cref="SpreadsheetText"/>), and that the portal's own import reads as it
/// was. UTF-8 with a mark, so that Excel reads Chinese.
/// </summary>
internal sealed class SafeCsv(Stream stream) : IAsyncDisposable
{
    private static readonly SearchValues<char> _quoted = SearchValues.Create("\",;\r\n\t'");

    private readonly StreamWriter _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };

    public Task WriteAsync(IEnumerable<string> cells, CancellationToken ct) =>
        _writer.WriteLineAsync(string.Join(',', cells.Select(Cell)).AsMemory(), ct);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal static string Cell(string value)
    {
        var text = SpreadsheetText.ToCell(value);
        return text.AsSpan().ContainsAny(_quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
