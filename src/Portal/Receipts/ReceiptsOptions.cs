using System.ComponentModel.DataAnnotations;

namespace Portal.Receipts;

/// <summary>How receipts are taken in and applied. Bound to <c>Portal:Receipts</c>.</summary>
public sealed class ReceiptsOptions
{
    public const string Section = "Portal:Receipts";

    /// <summary>Receipts that may wait for their commit; beyond it the provider is asked to push again later.</summary>
    [Range(100, 1_000_000)]
    public int Waiting { get; set; } = 20_000;

    /// <summary>Receipts applied in one go.</summary>
    [Range(1, 10_000)]
    public int Group { get; set; } = 1000;

    /// <summary>Milliseconds between two looks into an empty inbox.</summary>
    [Range(10, 10_000)]
    public int PollMilliseconds { get; set; } = 200;

    /// <summary>Hours for which a receipt that matches nothing is kept and tried again.</summary>
    [Range(1, 24 * 30)]
    public int ParkedHours { get; set; } = 72;
}
