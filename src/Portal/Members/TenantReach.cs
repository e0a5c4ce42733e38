using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Members;

/// <param name="Hosts">Of providers; empty: any.</param>
/// <param name="Countries">Two letters each; empty: any.</param>
public sealed record ReachInput(IReadOnlyList<string> Hosts, IReadOnlyList<string> Countries);

/// <summary>
/// Says which providers' hosts a tenant's accounts may call and which countries it may write to, whatever it chooses itself: for
/// operators. Holds from the next request on. Problems at <c>Hosts</c>: <c>host_invalid</c>, <c>hosts_many</c>; at
/// <c>Countries</c>: <c>country_unknown</c>; <c>tenant_unknown</c>.
/// </summary>
public sealed class TenantReach(Databases databases, TimeProvider clock)
{
    public async Task<ReachInput> ReadAsync(Operator by, Guid tenantId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        var bounds = await work.App.Set<OperatorBounds>().AsNoTracking().SingleOrDefaultAsync(ct);
        return new(bounds?.Hosts ?? [], bounds?.Countries ?? []);
    }

    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, ReachInput input, CancellationToken ct)
    {
        string[] hosts = [.. input.Hosts.Select(h => h.Trim().ToLowerInvariant()).Where(h => h.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] countries = [.. input.Countries.Select(c => c.Trim().ToUpperInvariant()).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (Check(hosts, countries).ToList() is { Count: > 0 } problems)
            return problems;
        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (await work.Register.Tenants.FindAsync([tenantId], ct) is null)
            return new Problem("", "tenant_unknown");
        var bounds = await work.App.Set<OperatorBounds>().SingleOrDefaultAsync(ct);
        foreach (var (name, before, after) in ((string, string[], string[])[])[("hosts", bounds?.Hosts ?? [], hosts), ("countries", bounds?.Countries ?? [], countries)])
        {
            if (!before.SequenceEqual(after))
                work.Note(by, AuditActions.ReachChanged, clock.GetUtcNow(), name, string.Join(' ', before), string.Join(' ', after));
        }
        if (bounds is null)
            work.App.Add(bounds = new OperatorBounds { TenantId = tenantId });
        (bounds.Hosts, bounds.Countries) = (hosts.Length > 0 ? hosts : null, countries.Length > 0 ? countries : null);
        await work.CommitAsync(ct);
        return tenantId;
    }

    private static IEnumerable<Problem> Check(string[] hosts, string[] countries)
    {
        if (hosts.Length > OperatorBounds.MostHosts)
            yield return new Problem("Hosts", "hosts_many", OperatorBounds.MostHosts);
        else if (hosts.FirstOrDefault(h => h.Length > 253 || Uri.CheckHostName(h) is not (UriHostNameType.Dns or UriHostNameType.IPv4)) is { } invalid)
            yield return new Problem("Hosts", "host_invalid", invalid);
        if (countries.FirstOrDefault(c => !PhoneNumbers.Regions.Contains(c, StringComparer.Ordinal)) is { } unknown)
            yield return new Problem("Countries", "country_unknown", unknown);
    }
}
