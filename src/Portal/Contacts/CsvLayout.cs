namespace Portal.Contacts;

/// <summary>How a file's lines are to be read.</summary>
/// <param name="Delimiter">Comma, semicolon or tab.</param>
/// <param name="HasHeader">The first row names the columns.</param>
/// <param name="Quoted">Cells may stand in quotes. False where a file's quotes do not close: then each line is a row, and none is swallowed.</param>
public sealed record CsvLayout(char Delimiter, bool HasHeader, bool Quoted = true)
{
    public static IReadOnlyList<char> Delimiters { get; } = [',', ';', '\t'];
}
