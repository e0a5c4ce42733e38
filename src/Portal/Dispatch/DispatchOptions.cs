using System.ComponentModel.DataAnnotations;

namespace Portal.Dispatch;

/// <summary>How the dispatch loops run. Bound to <c>Portal:Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    public const string Section = "Portal:Dispatch";

    /// <summary>Seconds for which an account's loop holds its lease without renewing it.</summary>
    [Range(1, 60)]
    public double LeaseSeconds { get; set; } = 3;

    /// <summary>Milliseconds between two looks for accounts with due work.</summary>
    [Range(20, 10_000)]
    public int PollMilliseconds { get; set; } = 250;

    /// <summary>Contacts taken by one chunk of preparing.</summary>
    [Range(100, 1_000_000)]
    public int ChunkSize { get; set; } = 50_000;

    /// <summary>Switches off the pause on piled-up doubts, whatever tenants set: for tests that make many of them.</summary>
    public bool NeverPauseOnDoubts { get; set; }
}
