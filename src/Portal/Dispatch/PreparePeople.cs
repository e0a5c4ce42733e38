using System.Globalization;

namespace Portal.Dispatch;

/// <summary>The people of a chunk in the order of their numbers: who is written to, and who is skipped and why.</summary>
/// <param name="numbers">Who is written to.</param>
/// <param name="skipped">Who is not.</param>
/// <param name="reasons">The word of the <see cref="SkipReason"/> of each of those.</param>
/// <param name="atEnd">Nobody comes after them.</param>
internal sealed class PreparePeople(long[] numbers, long[] skipped, string[] reasons, bool atEnd)
{
    public long[] Numbers { get; private set; } = numbers;

    public long[] Skipped { get; private set; } = skipped;

    public string[] Reasons { get; private set; } = reasons;

    public bool AtEnd => atEnd;

    /// <summary>The last number, whatever becomes of it; null without people.</summary>
    public string? Last =>
        Numbers.Length + Skipped.Length == 0 ? null : Math.Max(Numbers.LastOrDefault(), Skipped.LastOrDefault()).ToString(CultureInfo.InvariantCulture);

    /// <summary>Leaves the first that is written to after so many, and whoever comes after that one, for another chunk.</summary>
    public void CutAfter(int people)
    {
        if (people >= Numbers.Length)
            return;
        var kept = ~Array.BinarySearch(Skipped, Numbers[people]);
        (Numbers, Skipped, Reasons) = (Numbers[..people], Skipped[..kept], Reasons[..kept]);
    }
}
