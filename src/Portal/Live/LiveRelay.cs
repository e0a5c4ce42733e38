using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;

namespace Portal.Live;

/// <summary>
/// Carries changes between instances by NOTIFY: one statement for all changes of a quarter second, outside the
/// transactions that made them, since a NOTIFY in each of those would line their commits up behind one lock.
/// </summary>
internal sealed class LiveRelay(LiveFeed feed, Databases databases, TimeProvider clock, ILogger<LiveRelay> log) : BackgroundService
{
    private const string Channel = "portal_live";
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(2);

    private bool _listened;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(SendAsync, stoppingToken));

    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LiveLog.RelayFailed(log, e);
                await Task.Delay(_afterFailure, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await databases[DatabaseRole.App].OpenConnectionAsync(ct);
        connection.Notification += (_, e) => Receive(e.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        // Nobody knows what was told while nobody listened.
        if (_listened)
            await feed.DeliverAnythingAsync();
        _listened = true;
        while (true)
            await connection.WaitAsync(ct);
    }

    private void Receive(string payload)
    {
        if (payload.Split(':') is [var tenant, var subject] && Guid.TryParse(tenant, out var t) && Guid.TryParse(subject, out var s))
            _ = feed.DeliverAsync(new LiveChange(t, s));
    }

    private async Task SendAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_pause, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            var changes = feed.TakeUnsent();
            if (changes.Count == 0)
                continue;
            try
            {
                await TellAsync(changes, ct);
            }
            catch
            {
                // Told once more: a change that nobody hears of would stay unseen until the next one.
                changes.ForEach(c => feed.Publish(c.TenantId, c.SubjectId));
                throw;
            }
        }
    }

    private async Task TellAsync(List<LiveChange> changes, CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.App].CreateCommand($"select pg_notify('{Channel}', change) from unnest($1) change");
        command.Parameters.Add(new() { Value = changes.Select(c => $"{c.TenantId}:{c.SubjectId}").ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }
}
