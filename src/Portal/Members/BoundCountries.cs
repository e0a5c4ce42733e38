using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Says which countries a tenant may write to, whatever it chooses itself: for operators. Holds from the next request on. Problems:
/// <c>country_unknown</c> at <c>Countries</c>; <c>tenant_unknown</c>.
/// </summary>
public sealed class BoundCountries(Databases databases, TimeProvider clock)
{
    private const string Any = "any";

    /// <param name="countries">Two letters each; none: no bound.</param>
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, IReadOnlyList<string> countries, CancellationToken ct)
    {
        string[] after = [.. countries.Select(c => c.Trim().ToUpperInvariant()).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (after.FirstOrDefault(c => !PhoneNumbers.Regions.Contains(c, StringComparer.Ordinal)) is { } unknown)
            return new Problem("Countries", "country_unknown", unknown);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (!await work.Register.Tenants.AnyAsync(t => t.Id == tenantId, ct))
            return new Problem("", "tenant_unknown");
        // Two operators at once are one after the other.
        await work.App.LockSettingsAsync(ct);
        var bounds = await work.App.Set<OperatorBounds>().SingleOrDefaultAsync(ct);
        var before = bounds?.Countries ?? [];
        if (before.SequenceEqual(after))
            return tenantId;
        if (bounds is null)
            work.App.Add(bounds = new OperatorBounds { TenantId = tenantId });
        bounds.Countries = after.Length > 0 ? after : null;
        work.Note(by, AuditActions.CountriesBounded, clock.GetUtcNow(), Text(before), Text(after));
        await work.CommitAsync(ct);
        return tenantId;
    }

    private static string Text(string[] countries) => countries.Length > 0 ? string.Join(' ', countries) : Any;
}
