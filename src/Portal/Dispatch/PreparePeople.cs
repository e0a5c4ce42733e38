using System.Globalization;

namespace Portal.Dispatch;

/// <summary>The people of a chunk in the order of their numbers: who is written to, and who is skipped and why.</summary>
internal sealed class PreparePeople
{
    // How many are written to before each of the skipped.
    private readonly List<int> _before = [];
    private long? _last;

    public List<long> Numbers { get; } = [];

    public List<long> Skipped { get; } = [];

    /// <summary>The word of the <see cref="SkipReason"/> of each of <see cref="Skipped"/>.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>The last number, whatever becomes of it; null without people.</summary>
    public string? Last => _last?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nobody comes after them.</summary>
    public bool AtEnd { get; set; }

    public void Add(long number, string? reason)
    {
        _last = number;
        if (reason is null)
        {
            Numbers.Add(number);
            return;
        }
        Skipped.Add(number);
        Reasons.Add(reason);
        _before.Add(Numbers.Count);
    }

    /// <summary>Leaves what comes after so many that are written to for another chunk.</summary>
    public void CutAfter(int numbers)
    {
        if (numbers >= Numbers.Count)
            return;
        Numbers.RemoveRange(numbers, Numbers.Count - numbers);
        var kept = _before.FindIndex(b => b > numbers) is >= 0 and var first ? first : _before.Count;
        Skipped.RemoveRange(kept, Skipped.Count - kept);
        Reasons.RemoveRange(kept, Reasons.Count - kept);
        _before.RemoveRange(kept, _before.Count - kept);
        _last = kept > 0 && _before[^1] == numbers ? Skipped[^1] : Numbers[^1];
    }
}
