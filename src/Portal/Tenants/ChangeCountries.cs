using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;

namespace Portal.Tenants;

/// <summary>
/// Says which countries are written to besides the tenant's own (role Manager). Counts from the next campaign that is
/// prepared. Problem at <c>Countries</c>: <c>country_unknown</c>.
/// </summary>
public sealed class ChangeCountries(PortalDbFactory dbs, TimeProvider clock)
{
    /// <param name="countries">Two letters each.</param>
    public async Task<Result<Guid>> RunAsync(Member member, IReadOnlyList<string> countries, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        if (countries.FirstOrDefault(c => !PhoneNumbers.Regions.Contains(c, StringComparer.Ordinal)) is { } unknown)
            return new Problem("Countries", "country_unknown", unknown);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await db.LockSettingsAsync(ct);
        string[] after = [.. countries.Where(c => c != settings.Country).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (!settings.ExtraCountries.SequenceEqual(after))
        {
            db.Add(member.Changed(AuditActions.CountriesChanged, clock.GetUtcNow(), string.Join(' ', settings.ExtraCountries), string.Join(' ', after)));
            settings.ExtraCountries = after;
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }
}
