namespace Portal.Dispatch;

/// <summary>
/// Where one text is cut into batches, as SQL over places that count from zero. Batches are full but for two: one ends exactly
/// where the first messages of a sending do that go alone (its canary), and the last one has what is over.
/// </summary>
internal static class BatchCut
{
    /// <summary>Which batch a place falls into: a number that grows with the place.</summary>
    /// <param name="canary">SQL of how many places go alone; zero: none.</param>
    public static string Of(string place, string size, string canary) =>
        $"(case when {place} < {canary} then {place} / {size} else ({canary} + {size} - 1) / {size} + ({place} - {canary}) / {size} end)";

    /// <summary>The last cut at or below a number of places.</summary>
    public static string Below(string places, string size, string canary) =>
        $"(case when {places} < {canary} then {places} / {size} * {size} else {canary} + ({places} - {canary}) / {size} * {size} end)";
}
