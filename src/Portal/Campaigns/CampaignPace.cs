using Portal.Dispatch;

namespace Portal.Campaigns;

/// <summary>
/// How a campaign goes out, where it shall not simply be as fast as its account allows: spread over some time, or even until
/// a time of the clock; and whether its first messages go alone.
/// </summary>
/// <param name="SpreadMinutes">From its start; null: no.</param>
/// <param name="FinishBy">Wall clock in the campaign's zone; null: no.</param>
/// <param name="Canary">Null: everybody at once.</param>
public sealed record CampaignPace(int? SpreadMinutes, DateTime? FinishBy, SendingCanary? Canary)
{
    public const int LongestSpread = 7 * 24 * 60;
    private const int LargestCanary = 1_000_000;
    private const int LongestWait = 24 * 60;

    /// <summary>As fast as the account allows, everybody at once.</summary>
    public static CampaignPace Full { get; } = new(null, null, null);

    internal static CampaignPace Of(Campaign campaign) => new(
        campaign.SpreadMinutes, campaign.FinishBy,
        campaign is { CanaryPeople: { } people, CanaryPercent: { } percent, CanaryMinutes: { } minutes } ? new SendingCanary(people, percent, minutes) : null);

    internal void ApplyTo(Campaign campaign)
    {
        campaign.SpreadMinutes = SpreadMinutes;
        campaign.FinishBy = FinishBy is { } wall ? DateTime.SpecifyKind(wall, DateTimeKind.Unspecified) : null;
        (campaign.CanaryPeople, campaign.CanaryPercent, campaign.CanaryMinutes) = (Canary?.Messages, Canary?.Percent, Canary?.Minutes);
    }

    /// <summary>
    /// Problems of <c>SpreadMinutes</c>: <c>spread_range</c>; of <c>FinishBy</c>: <c>time_gap</c>, <c>zone_unknown</c>,
    /// <c>finish_early</c>; of <c>CanaryPeople</c>, <c>CanaryPercent</c>, <c>CanaryMinutes</c>: <c>canary_range</c>.
    /// </summary>
    /// <param name="starts">When it starts, as far as that is known.</param>
    public IEnumerable<Problem> Check(string zone, DateTimeOffset starts)
    {
        if (SpreadMinutes is < 1 or > LongestSpread)
            yield return new Problem("SpreadMinutes", "spread_range", LongestSpread / 60);
        if (FinishBy is { } wall)
        {
            var read = PlannedTime.Read(wall, zone, starts, "FinishBy");
            foreach (var problem in read.Problems)
                yield return problem.Code == "time_past" ? new Problem("FinishBy", "finish_early") : problem;
        }
        if (Canary is null)
            yield break;
        if (Canary.Messages is < 1 or > LargestCanary)
            yield return new Problem("CanaryPeople", "canary_range", 1, LargestCanary);
        if (Canary.Percent is < 1 or > 100)
            yield return new Problem("CanaryPercent", "canary_range", 1, 100);
        if (Canary.Minutes is < 1 or > LongestWait)
            yield return new Problem("CanaryMinutes", "canary_range", 1, LongestWait);
    }

    /// <summary>What quiet hours put off past this is not sent: <i>do not start after</i> and <i>finish by</i> hold for everybody; null: neither was asked for.</summary>
    internal static DateTimeOffset? LastAt(Campaign campaign)
    {
        var finish = campaign.FinishBy is null ? null : Of(campaign).Ends(campaign.TimeZone, default);
        return campaign.NotAfter is null || finish < campaign.NotAfter ? finish : campaign.NotAfter;
    }

    /// <summary>When the last request shall leave, for a campaign that starts then; null: as soon as the account allows.</summary>
    internal DateTimeOffset? Ends(string zone, DateTimeOffset starts) =>
        SpreadMinutes is { } minutes ? starts.AddMinutes(minutes)
        : FinishBy is { } wall && PlannedTime.Read(wall, zone, DateTimeOffset.MinValue) is { Ok: true, Value: var read } ? read.At.ToUniversalTime()
        : null;
}
