namespace Portal.Dispatch;

/// <summary>
/// Where one text is cut into batches; places count from zero. Batches are full but for two: one ends exactly where the first
/// messages of a sending do that go alone (its canary), and the last one has what is over.
/// </summary>
internal static class BatchCut
{
    /// <summary>SQL of the batches of so many places: a row (first, last) each.</summary>
    /// <param name="canary">SQL of how many places go alone; zero: none.</param>
    public static string Of(string places, string size, string canary) => $"""
        (select first, least(first + {size}, {canary}, {places}) - 1 as last from generate_series(0, least({canary}, {places}) - 1, {size}) first
         union all
         select first, least(first + {size}, {places}) - 1 from generate_series({canary}, {places} - 1, {size}) first)
        """;

    /// <summary>The last cut at or below a number of places.</summary>
    public static int LastAtOrBelow(int places, int size, int canary) =>
        places < canary ? places / size * size : canary + ((places - canary) / size * size);

    /// <summary>The first and the last place of each batch of a part of the places.</summary>
    /// <param name="from">The part's first place.</param>
    /// <param name="to">The place after its last.</param>
    public static BatchRanges Ranges(int from, int to, int size, int canary)
    {
        var (first, last) = (new List<int>(), new List<int>());
        for (var next = from; next < to; next = last[^1] + 1)
        {
            first.Add(next);
            var end = next < canary ? Math.Min((next / size + 1) * size, canary) : canary + ((next - canary) / size + 1) * size;
            last.Add(Math.Min(end, to) - 1);
        }
        return new BatchRanges([.. first], [.. last]);
    }
}

/// <summary>First and last place of each batch, in their order.</summary>
internal sealed record BatchRanges(int[] First, int[] Last);
