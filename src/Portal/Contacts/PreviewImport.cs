using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Contacts;

/// <param name="Region">Country of numbers without a country code; null for none.</param>
/// <param name="Layout">As a person corrected it; null lets the portal find out.</param>
/// <param name="NumberColumn">As a person corrected it; null lets the portal find out.</param>
public sealed record PreviewImportInput(Guid ImportId, string? Region = null, CsvLayout? Layout = null, int? NumberColumn = null);

/// <summary>
/// Shows how an import would be read, and counts over the whole of it what would be taken (role Sender). Problems:
/// <c>import_gone</c>, <c>import_closed</c> (done or cancelled: its content is gone).
/// </summary>
public sealed class PreviewImport(PortalDbFactory dbs)
{
    private const int Shown = 10;
    private const int Sample = 200;

    public async Task<Result<ImportPreview>> RunAsync(Member member, PreviewImportInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var import = await db.Set<Import>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == input.ImportId, ct);
        if (import is null)
            return new Problem("", "import_gone");
        if (import.Content is not { } content || (input.Layout ?? LayoutGuess.Of(content)?.Layout) is not { } layout)
            return new Problem("", "import_closed");
        var (headings, rows) = Read(content, layout);
        var number = input.NumberColumn ?? ColumnGuess.NumberColumn(headings, rows, input.Region);
        return new ImportPreview(import.Id, import.FileName, layout, Columns(headings, rows, number), number, [.. rows.Take(Shown)],
            Count(content, layout, number, input.Region, ct), import.ListId);
    }

    private static (IReadOnlyList<string> Headings, List<IReadOnlyList<string>> Rows) Read(byte[] content, CsvLayout layout)
    {
        using var rows = new CsvRows(content, layout);
        IReadOnlyList<string> headings = layout.HasHeader && rows.Read() ? Cells(rows) : [];
        var sample = new List<IReadOnlyList<string>>();
        while (sample.Count < Sample && rows.Read())
            sample.Add(Cells(rows));
        return (headings, sample);
    }

    private static string[] Cells(CsvRows rows) => [.. Enumerable.Range(0, rows.Cells).Select(rows.Cell)];

    private static List<PreviewColumn> Columns(IReadOnlyList<string> headings, List<IReadOnlyList<string>> rows, int? number)
    {
        var count = Math.Max(headings.Count, rows.Select(r => r.Count).DefaultIfEmpty().Max());
        var fields = ColumnGuess.Fields(headings, count, number);
        return [.. Enumerable.Range(0, count).Select(c => new PreviewColumn(c, c < headings.Count ? headings[c] : null, fields[c]))];
    }

    private static ImportCheck Count(byte[] content, CsvLayout layout, int? number, string? region, CancellationToken ct)
    {
        using var rows = new RowReader(content, layout, new ImportMapping(number ?? int.MaxValue, []), region);
        int all = 0, valid = 0, noCountry = 0;
        for (; rows.Read(); all++)
        {
            if (all % 1024 == 0)
                ct.ThrowIfCancellationRequested();
            if (rows.Reason is null)
                valid++;
            else if (rows.Reason == "no_country")
                noCountry++;
        }
        return new ImportCheck(all, valid, noCountry);
    }
}
