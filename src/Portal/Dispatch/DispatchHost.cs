using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Looks for accounts with due work and starts their loops on this instance. Stopping drains: open requests end and are recorded.</summary>
internal sealed class DispatchHost(Databases databases, RestoreFence fence, IServiceProvider services, IOptions<DispatchOptions> options, TimeProvider clock, ILogger<DispatchHost> log, IHostApplicationLifetime? lifetime = null) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, Task> _loops = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From the first word of stopping: hosted services are stopped one after the other, and this one needs its time.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime?.ApplicationStopping ?? default);
        try
        {
            await StartedAsync(ending.Token);
            var pause = new LookPause(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds));
            while (true)
            {
                var began = clock.GetTimestamp();
                await PollAsync(ending.Token);
                await Task.Delay(pause.After(clock.GetElapsedTime(began)), clock, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.Token.IsCancellationRequested)
        {
            // Draining below.
        }
        await Task.WhenAll(_loops.Values);
    }

    // A process that is asked to stop while it still starts ends without stopping its services one by one: nothing may be open yet.
    private async Task StartedAsync(CancellationToken ct)
    {
        if (lifetime is null)
            return;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }

    private async Task PollAsync(CancellationToken ct)
    {
        try
        {
            if (await fence.LifeAsync(ct) is null)
                return;
            await using var command = databases[DatabaseRole.Dispatch].CreateCommand("select tenant_id, account_id from infra.due_work()");
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                Start(new TenantScope(reader.GetGuid(0)), reader.GetGuid(1), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is, the next look may find the database again; out of here it would stop the whole portal.
            DispatchLog.PollFailed(log, e);
        }
    }

    private void Start(TenantScope scope, Guid accountId, CancellationToken ct)
    {
        if (_loops.ContainsKey(accountId))
            return;
        var ready = new TaskCompletionSource();
        // Entered before it runs, so that its end removes it.
        _loops[accountId] = RunAsync();
        ready.SetResult();

        async Task RunAsync()
        {
            await ready.Task;
            try
            {
                await services.GetRequiredService<AccountLoop>().RunAsync(scope, accountId, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                DispatchLog.LoopFailed(log, e, accountId);
            }
            catch (OperationCanceledException)
            {
                // The process stops.
            }
            finally
            {
                _loops.TryRemove(accountId, out _);
            }
        }
    }
}
