using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Contacts;
using Portal.Data;
using Portal.Templates;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Everything that speaks for and against starting a campaign, looked at once.</summary>
internal sealed record Examined(
    Campaign Campaign, uint Version, Account? Account, int UndoSeconds, int? ApprovalAbove, IReadOnlyList<string> ListNames, DateTimeOffset Now,
    PlannedTime? Planned, RepeatPlan? Repeat, AudienceMeasure Measure, IReadOnlyList<Problem> Problems)
{
    /// <summary>It goes to more people than one person may decide about.</summary>
    public bool NeedsApproval => Measure.Messages > ApprovalAbove;

    /// <summary>Everything that stands in the way: with the people who lack a field, unless that was accepted.</summary>
    public List<Problem> Refuse(bool acceptSkips) =>
        [.. Problems, .. Measure.Incomplete > 0 && !acceptSkips ? (Problem[])[new("AcceptSkips", "fields_missing", Measure.Incomplete)] : []];
}

/// <summary>Looks at a campaign as scheduling will: reviewing and scheduling cannot come to different answers.</summary>
internal sealed class CampaignExamination(PortalDbFactory dbs, Audience audience)
{
    /// <returns>Null when there is no such campaign.</returns>
    public async Task<Examined?> RunAsync(TenantScope scope, Guid campaignId, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        var found = await db.Set<Campaign>().AsNoTracking().Where(c => c.Id == campaignId)
            .Select(c => new { Campaign = c, Version = EF.Property<uint>(c, "xmin") }).SingleOrDefaultAsync(ct);
        if (found is null)
            return null;
        return await LookAsync(db, scope, found.Campaign, found.Version, ct);
    }

    /// <summary>Looks at what is not kept as a draft.</summary>
    public async Task<Examined> RunAsync(TenantScope scope, Campaign campaign, CancellationToken ct)
    {
        await using var db = dbs.Create(scope);
        return await LookAsync(db, scope, campaign, version: 0, ct);
    }

    private async Task<Examined> LookAsync(PortalDb db, TenantScope scope, Campaign campaign, uint version, CancellationToken ct)
    {
        var account = await db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == campaign.AccountId, ct);
        var settings = await db.Set<TenantSettings>().AsNoTracking().SingleAsync(ct);
        var lists = await db.Set<ContactList>().Where(l => campaign.ListIds.Contains(l.Id)).OrderBy(l => l.Name).Select(l => l.Name).ToListAsync(ct);
        var now = await db.NowAsync(ct);

        var problems = new List<Problem>();
        var text = Text(campaign, problems);
        var repeat = Repeat(campaign, now, problems);
        var planned = campaign.Repeat is null ? Time(campaign, now, settings.UndoSeconds, problems)
            : repeat?.After(now).FirstOrDefault() is { } first ? new PlannedTime(first.At, first.Repeats) : null;
        problems.AddRange(CampaignPace.Of(campaign).Check(campaign.TimeZone, DueAt(planned, now, settings.UndoSeconds)));
        if (AccountChoice.Refuse(account) is { } refusal)
            problems.Add(refusal);
        var measure = await audience.MeasureAsync(scope, campaign.ListIds, text, account?.BatchSize ?? 1, ct);
        problems.AddRange(People(campaign, lists.Count, measure, text));
        if (campaign.Name.Length == 0)
            problems.Add(new Problem("Name", "name_empty"));
        return new(campaign, version, account, settings.UndoSeconds, settings.ApprovalAbove, lists, now, planned, repeat, measure, problems);
    }

    private static TemplateText? Text(Campaign campaign, List<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(campaign.Text))
        {
            problems.Add(new Problem("Text", "text_empty"));
            return null;
        }
        var read = TemplateText.Parse(campaign.Text);
        problems.AddRange(read.Problems);
        return read.Ok ? read.Value : null;
    }

    private static PlannedTime? Time(Campaign campaign, DateTimeOffset now, int undoSeconds, List<Problem> problems)
    {
        PlannedTime? planned = null;
        if (campaign.PlannedAt is { } wall)
        {
            var read = PlannedTime.Read(wall, campaign.TimeZone, now);
            problems.AddRange(read.Problems);
            planned = read.Ok ? read.Value : null;
        }
        var due = DueAt(planned, now, undoSeconds);
        if (campaign.NotAfter is { } last && last <= due)
            problems.Add(new Problem("NotAfter", "not_after_early"));
        return planned;
    }

    private static RepeatPlan? Repeat(Campaign campaign, DateTimeOffset now, List<Problem> problems)
    {
        if (campaign.Repeat is not { } input)
            return null;
        var read = RepeatPlan.Read(input, campaign.TimeZone, now);
        problems.AddRange(read.Problems);
        return read.Ok ? read.Value : null;
    }

    private static IEnumerable<Problem> People(Campaign campaign, int lists, AudienceMeasure measure, TemplateText? text)
    {
        if (campaign.ListIds.Length == 0)
            yield return new Problem("ListIds", "lists_missing");
        else if (lists < campaign.ListIds.Length)
            yield return new Problem("ListIds", "list_gone");
        else if (measure.People == 0)
            yield return new Problem("ListIds", "lists_empty");
        else if (text is not null && measure.Messages == 0)
            yield return new Problem("ListIds", "nobody_left", measure.People);
    }

    internal static DateTimeOffset DueAt(PlannedTime? planned, DateTimeOffset now, int undoSeconds)
    {
        var earliest = now.AddSeconds(undoSeconds);
        return planned is not null && planned.At > earliest ? planned.At : earliest;
    }
}
