namespace Portal.Campaigns;

/// <summary>What a campaign may be called.</summary>
public static class CampaignName
{
    public const int Longest = 100;

    internal static string Cut(string name)
    {
        var trimmed = name.Trim();
        return trimmed.Length <= Longest ? trimmed : trimmed[..Longest];
    }
}
