using System.ComponentModel.DataAnnotations;

namespace Portal.Receipts;

/// <summary>How receipts are taken in and applied. Bound to <c>Portal:Receipts</c>.</summary>
public sealed class ReceiptsOptions
{
    public const string Section = "Portal:Receipts";

    /// <summary>Receipts that may wait for their commit; beyond it the provider is asked to push again later.</summary>
    [Range(100, 1_000_000)]
    public int Waiting { get; set; } = 20_000;

    /// <summary>Where receipts are kept while the database is away: a folder on a disk of this machine, which instances may share.</summary>
    public string SpoolDirectory { get; set; } = "";

    /// <summary>Most megabytes that this instance keeps there; beyond them the provider is asked to push again later.</summary>
    [Range(1, 100_000)]
    public int SpoolMegabytes { get; set; } = 512;

    /// <summary>Most receipts applied in one go: many, since they may be of many tenants, each of which is a transaction of its own.</summary>
    [Range(1, 100_000)]
    public int Group { get; set; } = 30_000;

    /// <summary>Tenants whose receipts are applied at the same time.</summary>
    [Range(1, 32)]
    public int Together { get; set; } = 3;

    /// <summary>Milliseconds between two looks into an empty inbox.</summary>
    [Range(10, 10_000)]
    public int PollMilliseconds { get; set; } = 150;

    /// <summary>Hours for which a receipt that matches nothing is kept and tried again.</summary>
    [Range(1, 24 * 30)]
    public int ParkedHours { get; set; } = 72;

    /// <summary>Most receipts that are parked. No account, and not the unknown ones together, may have more than half of them.</summary>
    [Range(10, 100_000_000)]
    public int ParkedMost { get; set; } = 2_000_000;
}
