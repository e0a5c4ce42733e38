namespace Portal.Contacts;

/// <summary>What an import holds, and how the portal would read it.</summary>
/// <param name="FileName">Empty for a pasted list.</param>
/// <param name="Columns">All columns of the file.</param>
/// <param name="NumberColumn">The column that is taken for the numbers; null when none looks like it.</param>
/// <param name="FirstRows">The first ten rows without the header; a row may have fewer cells than there are columns.</param>
/// <param name="ListId">The list that an earlier, interrupted run chose.</param>
public sealed record ImportPreview(
    Guid Id, string FileName, CsvLayout Layout, IReadOnlyList<PreviewColumn> Columns, int? NumberColumn,
    IReadOnlyList<IReadOnlyList<string>> FirstRows, ImportCheck Check, Guid? ListId);

/// <summary>A column of a file.</summary>
/// <param name="Heading">As it stands in the file; null without a header.</param>
/// <param name="Field">The field that it would fill; null when it would be left out.</param>
public sealed record PreviewColumn(int Index, string? Heading, string? Field);

/// <summary>How many rows a run would take, before it looks for duplicates.</summary>
/// <param name="NoCountry">Rows whose number has no country code, and none was chosen.</param>
public sealed record ImportCheck(int Rows, int Valid, int NoCountry)
{
    /// <summary>Rows that hold no number that can be written to.</summary>
    public int Invalid => Rows - Valid - NoCountry;
}
