using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data;

namespace Portal.Live;

/// <summary>Which program an instance is.</summary>
public sealed record InstanceFacts(string Host, string Roles, string Version);

/// <summary>Says every few seconds that this instance is alive, and takes its row away when it stops.</summary>
internal sealed class InstanceBeat(Databases databases, InstanceFacts facts, TimeProvider clock, ILogger<InstanceBeat> log) : BackgroundService
{
    private const string Beat = """
        insert into infra.instances (id, host, roles, version) values ($1, $2, $3, $4)
        on conflict (id) do update set seen_at = clock_timestamp()
        """;

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(10);

    private readonly Guid _id = Guid.CreateVersion7();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync("delete from infra.instances where id = $1", [_id], cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync("delete from infra.instances where seen_at < clock_timestamp() - interval '7 days'", [], stoppingToken);
        using var timer = new PeriodicTimer(_every, clock);
        do
            await TryAsync(Beat, [_id, facts.Host, facts.Roles, facts.Version], stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(string sql, object[] values, CancellationToken ct)
    {
        try
        {
            await using var command = databases[DatabaseRole.App].CreateCommand(sql);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // One that gets out of here would stop the whole portal.
            LiveLog.NoBeat(log, e);
        }
    }
}
