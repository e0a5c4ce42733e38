namespace Portal.ArchitectureTests;

internal static class Rule
{
    /// <summary>Fails with every violation in full, one a line.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{found.Count} violations:\n{string.Join('\n', found)}");
    }
}
