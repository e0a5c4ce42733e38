using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Says what a campaign would do, before anything leaves (role Sender): people and who is dropped and why, segments after
/// filling in, when it would be through, what looks wrong. Null when there is no such campaign.
/// </summary>
public sealed class ReviewCampaign
{
    private readonly CampaignExamination _examination;
    private readonly SameTextLately _lately;
    private readonly Audience _audience;

    internal ReviewCampaign(CampaignExamination examination, SameTextLately lately, Audience audience) =>
        (_examination, _lately, _audience) = (examination, lately, audience);

    public async Task<CampaignReview?> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (await _examination.RunAsync(member.Scope, campaignId, ct) is not { } examined)
            return null;
        var campaign = examined.Campaign;
        var lately = campaign.Text.Length > 0 && campaign.ListIds.Length > 0
            ? await _lately.FindAsync(member.Scope, campaignId, campaign.ListIds, campaign.Text, ct)
            : null;
        var review = Tell(examined, lately);
        var quiet = await _audience.QuietAsync(member.Scope, examined.Measure.Reached, review.StartsAt, LastAt(examined), ct);
        var last = quiet.Where(m => !m.Dropped).Select(m => m.Until).Append(review.HandedOverAt).Max();
        return review with { QuietMoves = quiet, HandedOverAt = last };
    }

    // Each run of a schedule may start so long after its time.
    private static DateTimeOffset? LastAt(Examined examined) => examined.Campaign.Repeat is { } repeat
        ? repeat.Within is { } minutes ? examined.Planned?.At.AddMinutes(minutes) : null
        : CampaignPace.LastAt(examined.Campaign);

    private static CampaignReview Tell(Examined examined, EarlierCampaign? lately)
    {
        var (measure, rate) = (examined.Measure, examined.Account?.Rate ?? 1);
        var starts = CampaignExamination.DueAt(examined.Planned, examined.Now, examined.UndoSeconds);
        var fastest = starts.AddSeconds((double)measure.Batches / rate);
        var pace = CampaignPace.Of(examined.Campaign);
        var ends = pace.Ends(examined.Campaign.TimeZone, starts);
        return new CampaignReview
        {
            Listed = measure.Listed,
            Duplicates = measure.Listed - measure.People,
            Suppressed = measure.Suppressed,
            OtherCountries = [.. measure.KeptOut.Where(g => g.Reason == SkipReason.Country).OrderByDescending(g => g.People).Select(g => new CountryCount(g.Country, g.People))],
            Trial = measure.Of(SkipReason.Trial),
            TooOften = measure.Of(SkipReason.Frequency),
            Incomplete = measure.Incomplete,
            Missing = [.. measure.Missing.OrderByDescending(m => m.Value).Select(m => new FieldGap(m.Key, m.Value))],
            Empty = measure.Empty,
            Messages = measure.Messages,
            Segments = measure.Segments,
            LongestSegments = measure.Longest,
            Ucs2 = measure.Ucs2,
            NotGsm = measure.NotGsm,
            Requests = measure.Batches,
            AccountLabel = examined.Account?.Label,
            Rate = rate,
            BatchSize = examined.Account?.BatchSize ?? 1,
            ListNames = examined.ListNames,
            StartsAt = starts,
            HandedOverAt = ends > fastest ? ends.Value : fastest,
            TooSlowFor = ends < fastest ? ends : null,
            Canary = pace.Canary,
            TimeRepeats = examined.Planned?.Repeats ?? false,
            Repeat = examined.Campaign.Repeat,
            Runs = [.. examined.Repeat?.After(examined.Now).Take(RepeatPlan.Shown) ?? []],
            UndoSeconds = examined.UndoSeconds,
            NeedsApproval = examined.NeedsApproval,
            AsksForReply = ReplyWords.Find(examined.Campaign.Text),
            SameTextLately = lately,
            Problems = examined.Problems,
        };
    }
}
