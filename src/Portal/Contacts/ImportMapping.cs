namespace Portal.Contacts;

/// <summary>What the columns of an import are, counted from 0.</summary>
/// <param name="NumberColumn">The column with the numbers.</param>
/// <param name="Fields">For each column the field that it fills; null or empty leaves it out. Columns beyond it are left out.</param>
public sealed record ImportMapping(int NumberColumn, IReadOnlyList<string?> Fields)
{
    /// <summary>Problems of <c>Fields[i]</c>: <c>field_name_bad</c>, <c>field_name_twice</c>; of <c>Number</c>: <c>number_column_missing</c>.</summary>
    internal List<Problem> Check()
    {
        var problems = new List<Problem>();
        if (NumberColumn < 0)
            problems.Add(new Problem("Number", "number_column_missing"));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (column, written) in Used())
        {
            if (FieldNames.Of(written) is not { } name || !string.Equals(written, name, StringComparison.OrdinalIgnoreCase))
                problems.Add(new Problem($"Fields[{column}]", "field_name_bad", written));
            else if (!seen.Add(name))
                problems.Add(new Problem($"Fields[{column}]", "field_name_twice", name));
        }
        return problems;
    }

    /// <summary>The columns that fill a field, with the names as they are kept.</summary>
    internal List<(int Column, string Name)> Named() => [.. Used().Select(f => (f.Column, FieldNames.Of(f.Written)!))];

    private IEnumerable<(int Column, string Written)> Used() =>
        Fields.Select((written, column) => (column, Written: written?.Trim() ?? "")).Where(f => f.Written.Length > 0 && f.column != NumberColumn);
}
