using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Portal.Vault;

/// <summary>How often secrets of a tenant were opened for a purpose.</summary>
/// <param name="TenantId">Null: a secret of the portal itself.</param>
public sealed record VaultOpening(Guid? TenantId, string Purpose, long Count);

/// <summary>
/// Counts openings by tenant and purpose: as a metric (<c>portal.vault.openings</c>), and until somebody takes the counts to
/// keep them. Tries that failed count as well. Safe to be used by many at once.
/// </summary>
public sealed class VaultOpenings : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Portal.Vault";

    private readonly Lock _gate = new();
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _counter;
    private Dictionary<(Guid? Tenant, string Purpose), long> _counts = [];

    /// <summary>With a meter of its own.</summary>
    public VaultOpenings() => _counter = _meter.CreateCounter<long>("portal.vault.openings", "{opening}", "Secrets that were opened.");

    /// <summary>What was counted since it was last taken.</summary>
    public IReadOnlyList<VaultOpening> Take()
    {
        Dictionary<(Guid? Tenant, string Purpose), long> taken;
        lock (_gate)
            (taken, _counts) = (_counts, []);
        return [.. taken.Select(c => new VaultOpening(c.Key.Tenant, c.Key.Purpose, c.Value))];
    }

    /// <summary>Puts back what could not be kept.</summary>
    public void Return(IEnumerable<VaultOpening> openings)
    {
        foreach (var opening in openings)
            Add(opening.TenantId, opening.Purpose, opening.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Count(Guid? tenantId, string purpose, long openings = 1)
    {
        _counter.Add(openings, new KeyValuePair<string, object?>("tenant", tenantId?.ToString()), new("purpose", purpose));
        Add(tenantId, purpose, openings);
    }

    private void Add(Guid? tenantId, string purpose, long openings)
    {
        lock (_gate)
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, (tenantId, purpose), out _) += openings;
    }
}
