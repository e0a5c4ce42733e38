using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Members;

/// <summary>
/// Says which hosts a tenant's accounts may call besides those of the settings. An account whose host is taken away stops with
/// its next request. Problems: <c>tenant_unknown</c>; at <c>Hosts</c> <c>host_form</c>.
/// </summary>
public sealed class ChangeProviderHosts(Databases databases, TimeProvider clock)
{
    /// <param name="hosts"><c>host</c> or <c>host:port</c> each.</param>
    public async Task<Result<Guid>> RunAsync(Operator by, Guid tenantId, IReadOnlyList<string> hosts, CancellationToken ct)
    {
        if (hosts.FirstOrDefault(h => ProviderHosts.Read(h) is null) is { } wrong)
            return new Problem("Hosts", "host_form", wrong);
        string[] after = [.. hosts.Select(h => ProviderHosts.Read(h)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        await using var work = await OperatorWork.BeginAsync(databases, new(tenantId), ct);
        if (!await work.Register.Tenants.AnyAsync(t => t.Id == tenantId, ct))
            return new Problem("", "tenant_unknown");
        var before = await work.App.Set<ProviderHost>().OrderBy(h => h.Host).ToListAsync(ct);
        if (before.Select(h => h.Host).SequenceEqual(after, StringComparer.Ordinal))
            return tenantId;
        var now = clock.GetUtcNow();
        work.App.RemoveRange(before.Where(h => !after.Contains(h.Host)));
        work.App.AddRange(after.Except(before.Select(h => h.Host)).Select(h => new ProviderHost { TenantId = tenantId, Host = h, AllowedAt = now }));
        work.Note(by, AuditActions.ProviderHostsChanged, now, string.Join(' ', before.Select(h => h.Host)), string.Join(' ', after));
        await work.CommitAsync(ct);
        return tenantId;
    }
}
