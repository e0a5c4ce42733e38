using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>A campaign as the wizard shows it. Times are wall clock in <see cref="TimeZone"/>.</summary>
public sealed record DraftView(
    Guid Id, uint Version, CampaignState State, string Name, IReadOnlyList<Guid> ListIds, Guid? AccountId, string Text,
    DateTime? PlannedAt, DateTime? NotAfter, string TimeZone, DateTimeOffset ChangedAt,
    RepeatInput? Repeat = null)
{
    public CampaignPace Pace { get; init; } = CampaignPace.Full;
}

/// <summary>Reads a draft (role Sender); null when there is no such campaign. Its state tells whether it still is one.</summary>
public sealed class CampaignDraft(PortalDbFactory dbs)
{
    public async Task<DraftView?> RunAsync(Member member, Guid campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        await using var db = dbs.Create(member.Scope);
        var found = await db.Set<Campaign>().AsNoTracking().Where(c => c.Id == campaignId)
            .Select(c => new { Campaign = c, Version = EF.Property<uint>(c, "xmin") }).SingleOrDefaultAsync(ct);
        if (found is null)
            return null;
        var c = found.Campaign;
        return new(c.Id, found.Version, c.State, c.Name, c.ListIds, c.AccountId, c.Text, c.PlannedAt, Wall(c.NotAfter, c.TimeZone), c.TimeZone, c.ChangedAt, c.Repeat) { Pace = CampaignPace.Of(c) };
    }

    private static DateTime? Wall(DateTimeOffset? at, string zone) => at is { } instant
        ? TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc).DateTime
        : null;
}
