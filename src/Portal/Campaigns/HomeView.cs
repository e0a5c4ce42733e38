using Portal.Receipts;

namespace Portal.Campaigns;

/// <summary>What a tenant's first page shows.</summary>
/// <param name="Going">Campaigns under way, and those whose receipts still come.</param>
public sealed record HomeView(
    IReadOnlyList<GoingOut> Going, IReadOnlyList<StoppedAccount> StoppedAccounts, IReadOnlyList<DoubtfulCampaign> Doubts,
    IReadOnlyList<MissedCampaign> Missed, TodayFigures Today, IReadOnlyList<NextCampaign> Next)
{
    /// <summary>Campaigns that wait for a second person's approval.</summary>
    public IReadOnlyList<AwaitingCampaign> Awaiting { get; init; } = [];

    /// <summary>Accounts that send while their receipts have stopped.</summary>
    public IReadOnlyList<SilentAccount> Silent { get; init; } = [];
}

/// <param name="Rate">Requests a second that its account allows.</param>
/// <param name="LastAt">When the last request left; null while requests are left.</param>
public sealed record GoingOut(CampaignLine Line, int Rate, CampaignSpeed? Pace, DateTimeOffset? LastAt);

/// <param name="Waiting">Campaigns that wait for it.</param>
public sealed record StoppedAccount(Guid Id, string Label, string Code, DateTimeOffset Since, long Waiting);

/// <param name="Why">The word of the doubt that most batches have.</param>
public sealed record DoubtfulCampaign(Guid Id, string Name, long People, long Batches, string Why);

public sealed record AwaitingCampaign(Guid Id, string Name, string AskedByName, DateTimeOffset AskedAt);

/// <param name="TimeZone">IANA zone in which its time was planned.</param>
/// <param name="Why">A word of <see cref="StartObstacle"/>.</param>
public sealed record MissedCampaign(Guid Id, string Name, DateTimeOffset DueAt, string TimeZone, string Why);

/// <summary>Since midnight in the tenant's zone.</summary>
/// <param name="Sent">People handed over and accepted.</param>
/// <param name="Delivered">Share of those with a final receipt, 0 to 1, of the campaigns that sent today; null without receipts.</param>
/// <param name="Receipts">Final receipts that the share is of.</param>
/// <param name="Segments">Billed parts as the provider counted them.</param>
public sealed record TodayFigures(long Sent, double? Delivered, long Receipts, long Segments);

/// <param name="DueAt">Null for a draft.</param>
/// <param name="People">On its lists and not suppressed; null for a draft without lists.</param>
/// <param name="Repeats">It is a schedule's next run, and the id is the schedule's.</param>
public sealed record NextCampaign(Guid Id, string Name, DateTimeOffset? DueAt, long? People, bool Repeats = false);
