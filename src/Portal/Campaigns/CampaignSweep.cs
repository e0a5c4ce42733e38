using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Data;

namespace Portal.Campaigns;

/// <summary>
/// Starts what is due and carries on what was left lying, by the rows alone: it needs no job, and works when Hangfire's
/// schema is missing. One campaign that cannot be started never keeps the others waiting.
/// </summary>
internal sealed class CampaignSweep(
    Databases databases, MakeRun makeRun, StartCampaign start, CarryOnSending carryOn, IOptions<CampaignOptions> options, TimeProvider clock, ILogger<CampaignSweep> log) : BackgroundService
{
    private const int AtOnce = 100;

    // People wait for the word "finished": it is looked for more often than for a lost wake-up.
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = 0L;
        using var timer = new PeriodicTimer(_tick, clock);
        do
        {
            try
            {
                await FinishAsync(stoppingToken);
                if (last != 0 && clock.GetElapsedTime(last) < TimeSpan.FromSeconds(options.Value.SweepSeconds))
                    continue;
                last = clock.GetTimestamp();
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                CampaignLog.SweepFailed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look: schedules whose run is near, campaigns that are due, sendings whose preparing was cut short.</summary>
    internal async Task SweepAsync(CancellationToken ct)
    {
        foreach (var (tenant, schedule, _) in await FindAsync($"select tenant_id, schedule_id, false from infra.due_schedules({AtOnce})", ct))
            await TryAsync(() => makeRun.RunAsync(new TenantScope(tenant), schedule, ct), e => CampaignLog.NotMade(log, schedule, e), ct);
        foreach (var (tenant, campaign, _) in await FindAsync($"select tenant_id, campaign_id, false from infra.due_campaigns({AtOnce})", ct))
        {
            await TryAsync(
                () => start.RunAsync(new TenantScope(tenant), campaign, ct), e => CampaignLog.NotStarted(log, campaign, e), ct);
        }
        foreach (var (tenant, sending, prepared) in await OpenAsync(ct))
        {
            if (!prepared)
                await TryAsync(() => carryOn.PrepareAsync(new TenantScope(tenant), sending, ct), e => CampaignLog.NotCarriedOn(log, sending, e), ct);
        }
    }

    private async Task FinishAsync(CancellationToken ct)
    {
        foreach (var (tenant, sending, prepared) in await OpenAsync(ct))
        {
            if (prepared)
                await TryAsync(() => carryOn.FinishAsync(new TenantScope(tenant), sending, ct), e => CampaignLog.NotCarriedOn(log, sending, e), ct);
        }
    }

    private Task<List<(Guid Tenant, Guid Id, bool Prepared)>> OpenAsync(CancellationToken ct) =>
        FindAsync($"select tenant_id, sending_id, prepared from infra.open_sendings({AtOnce})", ct);

    private async Task<List<(Guid Tenant, Guid Id, bool Prepared)>> FindAsync(string sql, CancellationToken ct)
    {
        var found = new List<(Guid, Guid, bool)>();
        await using var command = databases[DatabaseRole.Dispatch].CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2)));
        return found;
    }

    private static async Task TryAsync(Func<Task> work, Action<Exception> told, CancellationToken ct)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            told(e);
        }
    }
}
