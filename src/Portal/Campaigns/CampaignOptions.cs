using System.ComponentModel.DataAnnotations;

namespace Portal.Campaigns;

/// <summary>How due campaigns are found. Bound to <c>Portal:Campaigns</c>.</summary>
public sealed class CampaignOptions
{
    public const string Section = "Portal:Campaigns";

    /// <summary>Seconds between two looks for campaigns that are due and that nobody woke.</summary>
    [Range(1, 600, ErrorMessage = "Portal:Campaigns:SweepSeconds must be 1 to 600.")]
    public int SweepSeconds { get; set; } = 15;
}
