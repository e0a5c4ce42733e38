using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>
/// Keeps what was counted of openings every ten seconds, looks each minute whether they are more than usual, and each hour
/// deletes older keys that nothing needs. On every instance: each counts for itself.
/// </summary>
internal sealed class VaultKeeper(KeepOpenings openings, RotateTenantKey keys, OutgoingAddresses addresses, Databases databases, TimeProvider clock, ILogger<VaultKeeper> log) : BackgroundService
{
    private const int Minute = 6;
    private const int Hour = 360;
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What was opened since the last time; others that stop after this one open nothing more.
        await TryAsync(openings.RunAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(addresses.ShareAsync, stoppingToken);
        using var timer = new PeriodicTimer(_every, clock);
        try
        {
            for (var turn = 1; await timer.WaitForNextTickAsync(stoppingToken); turn++)
            {
                await TryAsync(openings.RunAsync, stoppingToken);
                await TryAsync(addresses.ShareAsync, stoppingToken);
                if (turn % Minute == 0)
                    await TryAsync(openings.WatchAsync, stoppingToken);
                if (turn % Hour == 0)
                    await TryAsync(RetireAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // EF wraps what the connection says in exceptions of its own, and one that gets out of here would stop the whole portal.
            AccountsLog.KeepingFailed(log, e);
        }
    }

    private async Task RetireAsync(CancellationToken ct)
    {
        var tenants = new List<Guid>();
        await using (var command = databases[DatabaseRole.Dispatch].CreateCommand("select tenant_id from infra.tenants_with_older_keys()"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                tenants.Add(reader.GetGuid(0));
        }
        foreach (var tenant in tenants)
        {
            if (await keys.RetireAsync(new(tenant), ct) is > 0 and var gone)
                AccountsLog.OlderKeysDeleted(log, tenant, gone);
        }
    }
}
