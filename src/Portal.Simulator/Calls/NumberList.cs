namespace Portal.Simulator.Calls;

/// <summary>
/// The parameter <c>mobile</c>: country code and number, 7 to 15 digits, not starting with 0, separated by commas.
/// A number is kept as a <see cref="long"/>: it has no leading zero, so nothing is lost.
/// </summary>
internal static class NumberList
{
    public const int Most = 1000;
    private const int Shortest = 7;
    private const int Longest = 15;

    public static int Count(string mobile) => mobile.AsSpan().Count(',') + (mobile.Length > 0 ? 1 : 0);

    /// <summary>Null when one of them is not a number, or when there are more than 1000.</summary>
    public static long[]? Parse(string mobile)
    {
        var count = Count(mobile);
        if (count > Most)
            return null;
        var numbers = new long[count];
        var next = 0;
        foreach (var range in mobile.AsSpan().Split(','))
        {
            if (!TryParse(mobile.AsSpan()[range], out numbers[next++]))
                return null;
        }
        return numbers;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.Length is < Shortest or > Longest || text[0] == '0')
            return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
