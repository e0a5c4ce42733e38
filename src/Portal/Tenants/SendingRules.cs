using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Tenants;

/// <summary>What a tenant decided about whom it writes to.</summary>
/// <param name="Country">Its own; always allowed.</param>
/// <param name="ExtraCountries">Two letters each, in alphabetical order.</param>
/// <param name="ApprovalAbove">A campaign to more people needs a second person; null: off.</param>
/// <param name="FrequencyMost">Campaigns to one number within <paramref name="FrequencyDays"/>; both null: off.</param>
/// <param name="Keep">How long messages, receipts and contacts are kept.</param>
public sealed record SendingRulesView(
    string TimeZone, string Country, IReadOnlyList<string> ExtraCountries, int? ApprovalAbove, int? FrequencyMost, int? FrequencyDays, bool Trial, RetentionInput Keep);

/// <summary>Reads a tenant's sending rules (role Viewer).</summary>
public sealed class SendingRules(PortalDbFactory dbs)
{
    public async Task<SendingRulesView> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var db = dbs.Create(member.Scope);
        var s = await db.Set<TenantSettings>().AsNoTracking().SingleAsync(ct);
        var trial = await db.Set<Trial>().AnyAsync(ct);
        return new(s.TimeZone, s.Country, [.. s.ExtraCountries.Order(StringComparer.Ordinal)], s.ApprovalAbove, s.FrequencyMost, s.FrequencyDays, trial, new(s.KeepMessagesDays, s.KeepReceiptsDays, s.KeepContactsDays));
    }
}
