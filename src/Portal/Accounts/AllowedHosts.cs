using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>No operator lets this tenant's accounts call the host. The message may be logged.</summary>
public sealed class HostNotAllowedException(string host) : Exception($"No operator has allowed the host {host} for this tenant.");

/// <summary>
/// Which hosts a tenant's accounts may call: those of the settings, and those that an operator allowed the tenant. Asked when
/// an account is added, and before each opening of a key pair: a host that is taken away is called no more. That the name then
/// leads to a public address is judged where the connection is opened.
/// </summary>
public sealed class AllowedHosts(PortalDbFactory dbs, IOptions<ProviderOptions> options)
{
    internal const string Any = "*";

    private readonly HashSet<string> _everybodys = [.. options.Value.AllowedHosts.Where(h => h != Any).Select(h => ProviderHosts.Read(h) ?? h)];
    private readonly bool _any = options.Value.AllowedHosts.Contains(Any);

    /// <summary>Those that every tenant's accounts may call; null: any.</summary>
    public IReadOnlyList<string>? Everybodys => _any ? null : [.. _everybodys.Order(StringComparer.Ordinal)];

    public async Task<bool> IsAllowedAsync(TenantScope scope, Uri address, CancellationToken ct)
    {
        var host = ProviderHosts.Of(address);
        if (_any || _everybodys.Contains(host))
            return true;
        await using var db = dbs.Create(scope, DatabaseRole.Dispatch);
        return await db.Set<ProviderHost>().AnyAsync(h => h.Host == host, ct);
    }

    /// <summary>The hosts that can be entered, for a sentence; null when any can.</summary>
    public async Task<IReadOnlyList<string>?> ListAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        if (_any)
            return null;
        await using var db = dbs.Create(member.Scope);
        return [.. _everybodys.Union(await db.Set<ProviderHost>().Select(h => h.Host).ToListAsync(ct)).Order(StringComparer.Ordinal)];
    }

    internal async Task DemandAsync(TenantScope scope, Uri address, CancellationToken ct)
    {
        if (!await IsAllowedAsync(scope, address, ct))
            throw new HostNotAllowedException(ProviderHosts.Of(address));
    }
}
