using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;
using Portal.Vault;

namespace Portal.Tenants;

/// <summary>
/// Keeps what this process counted of openings, by tenant, purpose and hour, and says what is more than three times the usual:
/// as an error in the log, and as the metric <c>portal.vault.unusual</c>.
/// </summary>
public sealed class KeepOpenings : IDisposable
{
    // What is older says nothing about what is usual.
    private const string Keep = """
        with gone as (delete from app.vault_openings where tenant_id = $1 and hour < clock_timestamp() - interval '90 days')
        insert into app.vault_openings as o (tenant_id, hour, purpose, openings) values ($1, date_trunc('hour', clock_timestamp()), $2, $3)
        on conflict (tenant_id, hour, purpose) do update set openings = o.openings + excluded.openings
        """;

    private const string KeepOwn = """
        with gone as (delete from infra.vault_openings where hour < clock_timestamp() - interval '90 days')
        insert into infra.vault_openings as o (hour, purpose, openings) values (date_trunc('hour', clock_timestamp()), $1, $2)
        on conflict (hour, purpose) do update set openings = o.openings + excluded.openings
        """;

    private readonly Databases _databases;
    private readonly VaultOpenings _openings;
    private readonly VaultStatus _status;
    private readonly ILogger<KeepOpenings> _log;
    private readonly Meter _meter = new(VaultOpenings.MeterName);
    private IReadOnlyList<UnusualOpening> _unusual = [];

    [SuppressMessage("Style", "IDE0290:Use primary constructor", Justification = "The gauge reads a field.")]
    public KeepOpenings(Databases databases, VaultOpenings openings, VaultStatus status, ILogger<KeepOpenings> log)
    {
        (_databases, _openings, _status, _log) = (databases, openings, status, log);
        _meter.CreateObservableGauge("portal.vault.unusual", () => Volatile.Read(ref _unusual).Count, "{tenant}", "Tenants and purposes whose secrets are opened more than three times as often as usual.");
    }

    /// <summary>What could not be kept is kept next time.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var taken = _openings.Take();
        if (taken.Count == 0)
            return;
        try
        {
            await KeepAsync(taken, ct);
        }
        catch
        {
            _openings.Return(taken);
            throw;
        }
    }

    /// <summary>Says each of them once, until it is usual again.</summary>
    public async Task WatchAsync(CancellationToken ct)
    {
        var unusual = await _status.UnusualAsync(ct);
        foreach (var one in unusual.Where(u => !_unusual.Any(k => k.TenantId == u.TenantId && k.Purpose == u.Purpose)))
            VaultLog.UnusualOpenings(_log, one.TenantId, one.Purpose, one.Openings, one.Usual);
        Volatile.Write(ref _unusual, unusual);
    }

    public void Dispose() => _meter.Dispose();

    // One transaction: all of them are kept, or none. In one order: another instance locks the same rows.
    private async Task KeepAsync(IReadOnlyList<VaultOpening> openings, CancellationToken ct)
    {
        await using var batch = _databases[DatabaseRole.Dispatch].CreateBatch();
        foreach (var (tenant, purpose, count) in openings.OrderBy(o => o.TenantId).ThenBy(o => o.Purpose, StringComparer.Ordinal))
        {
            if (tenant is { } id)
            {
                batch.BatchCommands.Add(new TenantScope(id).BatchCommand());
                batch.BatchCommands.Add(new(Keep) { Parameters = { new() { Value = id }, new() { Value = purpose }, new() { Value = count } } });
            }
            else
            {
                batch.BatchCommands.Add(new(KeepOwn) { Parameters = { new() { Value = purpose }, new() { Value = count } } });
            }
        }
        await batch.ExecuteNonQueryAsync(ct);
    }
}
