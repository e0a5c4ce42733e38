using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="Version">Of the draft that was changed: somebody else's change in between is not overwritten.</param>
/// <param name="PlannedAt">Wall clock in <paramref name="TimeZone"/>; null means now.</param>
/// <param name="NotAfter">Wall clock in <paramref name="TimeZone"/>; null: it may start however late.</param>
/// <param name="Repeat">It is to become a schedule; null for a single campaign.</param>
public sealed record SaveDraftInput(
    Guid CampaignId, uint Version, string Name, IReadOnlyList<Guid> ListIds, Guid? AccountId, string Text, DateTime? PlannedAt, DateTime? NotAfter, string TimeZone,
    RepeatInput? Repeat = null)
{
    public CampaignPace Pace { get; init; } = CampaignPace.Full;
}

/// <summary>
/// Keeps a draft as it is typed (role Sender): unfinished is fine, that is what a draft is. Problems of the whole form:
/// <c>campaign_gone</c>, <c>not_a_draft</c>, <c>changed_elsewhere</c>; of <c>Name</c>: <c>name_long</c>; of <c>Text</c>:
/// <c>text_long</c>; of <c>NotAfter</c>: <c>time_gap</c>, <c>zone_unknown</c>; of <c>RepeatCron</c>: <c>cron_bad</c>, when it is too long.
/// </summary>
public sealed class SaveDraft(PortalDbFactory dbs, TimeProvider clock)
{
    /// <summary>In UTF-16 units. The provider's document names no limit; this is far beyond what anybody would pay for.</summary>
    public const int LongestText = 2000;

    /// <returns>The draft's new version.</returns>
    public async Task<Result<uint>> RunAsync(Member member, SaveDraftInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var problems = new List<Problem>();
        var notAfter = NotAfter(input, problems);
        if (input.Name.Trim().Length > CampaignName.Longest)
            problems.Add(new Problem("Name", "name_long", CampaignName.Longest));
        if (input.Text.Length > LongestText)
            problems.Add(new Problem("Text", "text_long", LongestText));
        if (input.Repeat?.Rule.Length > RecurrenceText.Longest)
            problems.Add(new Problem("RepeatCron", "cron_bad"));
        if (problems.Count > 0)
            return problems;

        await using var db = dbs.Create(member.Scope);
        var campaign = await db.Set<Campaign>().SingleOrDefaultAsync(c => c.Id == input.CampaignId, ct);
        if (campaign is null)
            return new Problem("", "campaign_gone");
        if (campaign.State != CampaignState.Draft)
            return new Problem("", "not_a_draft");
        Apply(input, campaign, notAfter);
        var entry = db.Entry(campaign);
        var version = entry.Property<uint>("xmin");
        version.OriginalValue = input.Version;
        if (entry.State == EntityState.Unchanged && version.CurrentValue == input.Version)
            return input.Version;
        campaign.ChangedAt = clock.GetUtcNow();
        try
        {
            await db.SaveChangesAsync(ct);
            return version.CurrentValue;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("", "changed_elsewhere");
        }
    }

    private static void Apply(SaveDraftInput input, Campaign campaign, DateTimeOffset? notAfter)
    {
        campaign.Name = input.Name.Trim();
        if (!campaign.ListIds.SequenceEqual(input.ListIds))
            campaign.ListIds = [.. input.ListIds];
        campaign.AccountId = input.AccountId;
        campaign.Text = input.Text;
        campaign.PlannedAt = input.PlannedAt is { } planned ? DateTime.SpecifyKind(planned, DateTimeKind.Unspecified) : null;
        campaign.TimeZone = input.TimeZone;
        campaign.NotAfter = notAfter;
        input.Pace.ApplyTo(campaign);
        campaign.Repeat = input.Repeat;
    }

    private static DateTimeOffset? NotAfter(SaveDraftInput input, List<Problem> problems)
    {
        if (input.NotAfter is not { } typed)
            return null;
        // Whether it is too early is asked when the campaign is scheduled: a draft may lie for weeks.
        var read = PlannedTime.Read(typed, input.TimeZone, DateTimeOffset.MinValue, "NotAfter");
        problems.AddRange(read.Problems);
        return read.Ok ? read.Value.At.ToUniversalTime() : null;
    }
}
