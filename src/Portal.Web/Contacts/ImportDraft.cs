using Portal.Contacts;

namespace Portal.Web.Contacts;

/// <summary>What a person has chosen for an import so far; begins with what the portal suggests.</summary>
public sealed class ImportDraft
{
    public char Delimiter { get; set; }

    public bool HasHeader { get; set; }

    public bool Quoted { get; set; }

    /// <summary>Null: no column is chosen.</summary>
    public int? NumberColumn { get; set; }

    /// <summary>For each column its field's name; null leaves it out.</summary>
    public List<string?> Fields { get; set; } = [];

    public string? Region { get; set; }

    /// <summary>Null: a new list.</summary>
    public Guid? ListId { get; set; }

    public string NewListName { get; set; } = "";

    public CsvLayout Layout => new(Delimiter, HasHeader, Quoted);

    public static ImportDraft Of(ImportPreview preview, IReadOnlyList<ListRow> lists)
    {
        var draft = new ImportDraft
        {
            ListId = lists.Any(l => l.Id == preview.ListId) ? preview.ListId : null,
            NewListName = Path.GetFileNameWithoutExtension(preview.FileName),
        };
        draft.TakeUp(preview);
        return draft;
    }

    /// <summary>Begins the columns anew: the file was read in another way.</summary>
    public void TakeUp(ImportPreview preview)
    {
        (Delimiter, HasHeader, Quoted) = (preview.Layout.Delimiter, preview.Layout.HasHeader, preview.Layout.Quoted);
        NumberColumn = preview.NumberColumn;
        Fields = [.. preview.Columns.Select(c => c.Field)];
    }

    public RunImportInput Read(Guid import) =>
        new(import, Layout, new ImportMapping(NumberColumn ?? -1, Fields), ListId, NewListName, Region);
}
