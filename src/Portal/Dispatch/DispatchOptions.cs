using System.ComponentModel.DataAnnotations;

namespace Portal.Dispatch;

/// <summary>How the dispatch loops run. Bound to <c>Portal:Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    public const string Section = "Portal:Dispatch";

    /// <summary>Seconds for which an account's loop holds its lease without renewing it.</summary>
    [Range(1, 60)]
    public double LeaseSeconds { get; set; } = 3;

    /// <summary>Milliseconds between two looks for accounts with due work; more when a look itself takes long.</summary>
    [Range(20, 10_000)]
    public int PollMilliseconds { get; set; } = 100;

    /// <summary>Requests to providers that this process has open at once, over all accounts.</summary>
    [Range(1, 20_000)]
    public int OpenRequests { get; set; } = 2000;

    /// <summary>Contacts taken by one chunk of preparing.</summary>
    [Range(100, 1_000_000)]
    public int ChunkSize { get; set; } = 100_000;

    /// <summary>
    /// A folder outside the database, on a file system that every instance shares and that no restore of the database
    /// brings back: it knows how far was sent. Only a development run makes one for itself.
    /// </summary>
    public string FenceDirectory { get; set; } = "";

    /// <summary>The longest wait before a batch whose connection failed is tried again, in seconds; it doubles from one second.</summary>
    [Range(0.01, 3600)]
    public double LongestRetrySeconds { get; set; } = 60;

    /// <summary>Switches off the pause on piled-up doubts, whatever tenants set: for tests that make many of them.</summary>
    public bool NeverPauseOnDoubts { get; set; }

    /// <summary>Kills the process when it passes a point of the way of a message for the n-th time (<c>after-claim:3</c>): for chaos runs, refused outside development.</summary>
    public string DieAt { get; set; } = "";
}
