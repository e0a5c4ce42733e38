namespace Portal.Receipts;

/// <summary>The numbers of one batch, found by a number with hidden digits: which digits are hidden is the receipt's choice.</summary>
internal sealed class MaskedNumbers(IReadOnlyList<string> numbers)
{
    private const char Hidden = '*';
    private readonly Dictionary<string, ILookup<string, string>> _byShape = new(StringComparer.Ordinal);

    /// <summary>The numbers that fit: a hidden digit fits any digit.</summary>
    public IEnumerable<string> Fitting(string masked)
    {
        var shape = string.Concat(masked.Select(c => char.IsAsciiDigit(c) ? '0' : Hidden));
        if (!_byShape.TryGetValue(shape, out var known))
            _byShape[shape] = known = numbers.Where(n => n.Length == shape.Length).ToLookup(n => Hide(n, shape), StringComparer.Ordinal);
        return known[Hide(masked, shape)];
    }

    private static string Hide(string number, string shape) =>
        string.Create(number.Length, (number, shape), static (hidden, from) =>
        {
            for (var i = 0; i < hidden.Length; i++)
                hidden[i] = from.shape[i] == Hidden ? Hidden : from.number[i];
        });
}
