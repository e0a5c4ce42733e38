namespace Portal.IntegrationTests;

/// <summary>
/// Tests that start the whole portal, or look at Hangfire beside it, run one after the other: Hangfire keeps its log
/// provider in a static field, which each host sets and leaves disposed behind.
/// </summary>
internal static class WholePortal
{
    public const string Name = "the whole portal";
}
