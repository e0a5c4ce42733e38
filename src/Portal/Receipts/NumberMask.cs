using System.Globalization;

namespace Portal.Receipts;

/// <summary>
/// A number with hidden digits. Which digits are hidden is the receipt's choice, and whoever makes receipts up may hide them in
/// any way: so nothing is kept for a way of hiding, and numbers are compared as numbers.
/// </summary>
internal sealed class NumberMask
{
    private readonly List<(long Below, long Above, long Digits)> _shown;

    private NumberMask(long lowest, long highest, List<(long Below, long Above, long Digits)> shown) => (Lowest, Highest, _shown) = (lowest, highest, shown);

    /// <summary>With the smallest digits that can be hidden.</summary>
    public long Lowest { get; }

    /// <summary>With the largest.</summary>
    public long Highest { get; }

    /// <summary>Null: it is no number, whatever is hidden.</summary>
    public static NumberMask? Of(string masked)
    {
        if (masked is not { Length: >= 7 and <= 15 } || masked[0] == '0' || !masked.All(c => char.IsAsciiDigit(c) || IsHidden(c)))
            return null;
        var lowest = string.Concat(masked.Select((c, i) => !IsHidden(c) ? c : i == 0 ? '1' : '0'));
        var highest = string.Concat(masked.Select(c => IsHidden(c) ? '9' : c));
        return new NumberMask(long.Parse(lowest, CultureInfo.InvariantCulture), long.Parse(highest, CultureInfo.InvariantCulture), Shown(masked));
    }

    public bool Fits(long number)
    {
        if (number < Lowest || number > Highest)
            return false;
        foreach (var (below, above, digits) in _shown)
        {
            if (number / below % above != digits)
                return false;
        }
        return true;
    }

    private static bool IsHidden(char c) => c is '*' or 'x' or 'X';

    /// <summary>Runs of digits behind the first hidden one: those before it are in the bounds.</summary>
    private static List<(long Below, long Above, long Digits)> Shown(string masked)
    {
        var shown = new List<(long, long, long)>();
        for (var i = masked.AsSpan().IndexOfAny("*xX"); i >= 0 && i < masked.Length; i++)
        {
            var start = i;
            while (i < masked.Length && !IsHidden(masked[i]))
                i++;
            if (i > start)
                shown.Add((PowerOfTen(masked.Length - i), PowerOfTen(i - start), long.Parse(masked.AsSpan(start, i - start), CultureInfo.InvariantCulture)));
        }
        return shown;
    }

    private static long PowerOfTen(int n)
    {
        var power = 1L;
        for (; n > 0; n--)
            power *= 10;
        return power;
    }
}
