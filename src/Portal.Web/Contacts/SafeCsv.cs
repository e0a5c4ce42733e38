using System.Buffers;
using System.Text;

namespace Portal.Web.Contacts;

/// <summary>
/// Writes CSV that a spreadsheet takes as text: a cell that it would compute gets an apostrophe in front, which the
/// portal's own import takes off again. UTF-8 with a mark, so that Excel reads Chinese.
/// </summary>
internal sealed class SafeCsv(Stream stream) : IAsyncDisposable
{
    private const string Computed = "=+-@\t\r\n＝＋－＠|%";

    private static readonly SearchValues<char> _quoted = SearchValues.Create("\",;\r\n\t'");

    private readonly StreamWriter _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };

    public Task WriteAsync(IEnumerable<string> cells, CancellationToken ct) =>
        _writer.WriteLineAsync(string.Join(',', cells.Select(Cell)).AsMemory(), ct);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal static string Cell(string value)
    {
        var text = value.AsSpan().TrimStart() is [var first, ..] && Computed.Contains(first) ? "'" + value : value;
        return text.AsSpan().ContainsAny(_quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
