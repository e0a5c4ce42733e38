using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="Hosts">Of providers, besides those of the settings.</param>
/// <param name="Countries">Two letters each; empty: any.</param>
/// <param name="AccountHosts">Where its accounts are, one for each.</param>
public sealed record ReachView(IReadOnlyList<string> Hosts, IReadOnlyList<string> Countries, IReadOnlyList<string> AccountHosts);

/// <summary>Where operators let a tenant send to: see <see cref="ChangeProviderHosts"/> and <see cref="BoundCountries"/>.</summary>
public sealed class TenantReach(Databases databases)
{
    public async Task<ReachView> RunAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        var hosts = await work.App.Set<ProviderHost>().Select(h => h.Host).ToListAsync(ct);
        var bounds = await work.App.Set<OperatorBounds>().AsNoTracking().SingleOrDefaultAsync(ct);
        var addresses = await work.App.Database.SqlQuery<string>($"""select base_address as "Value" from app.accounts where tenant_id = {tenantId}""").ToListAsync(ct);
        return new([.. hosts.Order(StringComparer.Ordinal)], bounds?.Countries ?? [], [.. addresses.Select(a => ProviderHosts.Of(new Uri(a)))]);
    }
}
