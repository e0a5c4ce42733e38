using Portal.Data;
using Portal.Sms.Numbers;

namespace Portal.Contacts;

/// <summary>Reads the numbers and fields out of a file's rows. One at a time: nothing is kept.</summary>
internal sealed class RowReader : IDisposable
{
    /// <summary>The most characters that a field holds: some fifteen segments.</summary>
    public const int LongestField = 1000;

    private readonly CsvRows _rows;
    private readonly int _numberColumn;
    private readonly List<(int Column, string Name)> _fields;
    private readonly string? _region;

    public RowReader(byte[] utf8, CsvLayout layout, ImportMapping mapping, string? region)
    {
        _rows = new CsvRows(utf8, layout);
        (_numberColumn, _fields, _region) = (mapping.NumberColumn, mapping.Named(), region);
        if (layout.HasHeader)
            _rows.Read();
    }

    public int Line => _rows.Line;

    /// <summary>What stands in the number's cell.</summary>
    public string Written { get; private set; } = "";

    /// <summary>The number; null with a <see cref="Reason"/>.</summary>
    public string? Number { get; private set; }

    /// <summary>Two letters of its country; null when it belongs to none.</summary>
    public string? Country { get; private set; }

    /// <summary>Why the row cannot be taken: a word for <see cref="ImportProblem.Reason"/>; null when it can.</summary>
    public string? Reason { get; private set; }

    public bool Read()
    {
        if (!_rows.Read())
            return false;
        Written = _rows.Cell(_numberColumn);
        var result = PhoneNumbers.Parse(Written, _region);
        Number = result.Number;
        Country = result.Region;
        Reason = result.Problem != NumberProblem.None ? Words.Of(result.Problem) : LongField() ? "field_too_long" : null;
        return true;
    }

    /// <summary>The fields of this row that hold something.</summary>
    public IEnumerable<(string Name, string Value)> Fields()
    {
        foreach (var (column, name) in _fields)
        {
            if (_rows.Cell(column) is { Length: > 0 } value)
                yield return (name, value);
        }
    }

    public void Dispose() => _rows.Dispose();

    private bool LongField()
    {
        foreach (var (column, _) in _fields)
        {
            if (_rows.Cell(column).Length > LongestField)
                return true;
        }
        return false;
    }
}
