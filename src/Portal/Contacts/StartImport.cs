using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <summary>An uploaded file. The stream is read to its end, or to the first byte above <see cref="StartImport.MostBytes"/>.</summary>
public sealed record StartImportInput(string FileName, Stream Content);

/// <summary>
/// Takes a file in (role Sender) and keeps it; nothing is imported yet. Text in UTF-8, UTF-16 or GB18030, whose name ends
/// in .csv, .txt or .tsv, at most <see cref="MostBytes"/>. Problems of <c>File</c>: <c>file_too_large</c>, <c>file_empty</c>, <c>file_workbook</c> (Excel),
/// <c>file_not_text</c>, <c>file_encoding</c>, <c>file_not_csv</c>.
/// </summary>
public sealed class StartImport(PortalDbFactory dbs, TimeProvider clock)
{
    public const int MostBytes = ImportIntake.MostBytes;

    private static readonly HashSet<string> _endings = new([".csv", ".txt", ".tsv"], StringComparer.OrdinalIgnoreCase);

    public async Task<Result<Guid>> RunAsync(Member member, StartImportInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (await ReadAsync(input.Content, ct) is not { } raw)
            return new Problem("File", "file_too_large", MostBytes / 1024 / 1024);
        if (raw.Length == 0)
            return new Problem("File", "file_empty");
        var text = UploadedText.ToUtf8(raw);
        if (text.Ok && !_endings.Contains(Path.GetExtension(input.FileName)))
            return new Problem("File", "file_not_csv");
        return text.Ok
            ? await new ImportIntake(dbs, clock).KeepAsync(member, input.FileName, text.Value, "File", ct)
            : text.Problems.ToList();
    }

    private static async Task<byte[]?> ReadAsync(Stream content, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[80 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, ct)) > 0;)
        {
            if (kept.Length + read > MostBytes)
                return null;
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();
    }
}
