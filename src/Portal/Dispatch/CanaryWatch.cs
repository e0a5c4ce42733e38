using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Looks every second at sendings that wait for what became of their first messages.</summary>
internal sealed class CanaryWatch(Databases databases, JudgeCanary judge, TimeProvider clock, ILogger<CanaryWatch> log) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            foreach (var (tenant, sending) in await WaitingAsync(ct))
            {
                if (await judge.RunAsync(new TenantScope(tenant), sending, ct) is { } passed)
                    DispatchLog.CanaryJudged(log, sending, passed);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // EF wraps what the connection says, and an exception that gets out of here would stop the whole portal.
            DispatchLog.PollFailed(log, e);
        }
    }

    private async Task<List<(Guid Tenant, Guid Sending)>> WaitingAsync(CancellationToken ct)
    {
        var found = new List<(Guid, Guid)>();
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand("select tenant_id, sending_id from infra.waiting_canaries($1)");
        command.Parameters.Add(new() { Value = AtOnce });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return found;
    }
}
