using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// The one loop of an account, on whichever instance holds the lease: claims, paces, keeps requests open as far as the
/// account and its latency ask for, and ends when nothing is left. When the lease is lost it claims nothing more; requests
/// that are open end by themselves and their outcomes count.
/// </summary>
internal sealed class AccountLoop(Databases databases, TakeClaims take, SendClaims send, RecoverAccount recover, AccountWork work,
    IOptions<DispatchOptions> options, IOptions<ProviderOptions> provider, ProcessShare share, RestoreFence fence, TimeProvider clock, ILogger<AccountLoop> log)
{
    // Between two looks that find nothing. Soon at first: what follows may be on its way from preparing.
    private static readonly TimeSpan _soonest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    /// <summary>Runs until there is nothing to do, the lease is lost, or <paramref name="stopping"/>; returns at once if somebody else holds the account.</summary>
    public async Task RunAsync(TenantScope scope, Guid accountId, CancellationToken stopping)
    {
        if (await Lease.AcquireAsync(databases, scope, accountId, options.Value.LeaseSeconds, stopping) is not { } lease)
            return;
        DispatchLog.LoopStarted(log, accountId, lease.Fence);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(lease, accountId, over);
        var open = new OpenRequests();
        try
        {
            using var joined = share.Join(scope.TenantId);
            await WorkAsync(scope, accountId, lease, open, over.Token, stopping);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The lease is lost or the process stops: what is open still ends below.
        }
        finally
        {
            await open.DrainAsync();
            await over.CancelAsync();
            await renewing;
            await lease.ReleaseAsync(CancellationToken.None);
            DispatchLog.LoopEnded(log, accountId, lease.Fence);
        }
    }

    private async Task WorkAsync(TenantScope scope, Guid accountId, Lease lease, OpenRequests open, CancellationToken over, CancellationToken stopping)
    {
        var limits = await work.LimitsAsync(scope, accountId, over);
        var run = new LoopRun(scope, accountId, lease, open, new Pacer(limits.Rate, clock), new OpenWindow()) { Rate = limits.Rate, Concurrency = limits.Concurrency };
        await using var ahead = new ClaimAhead(run, take);
        await recover.RunAsync(scope, accountId, lease, provider.Value.RequestTimeout, over);
        var (ticked, wait) = (clock.GetTimestamp(), _soonest);
        while (true)
        {
            over.ThrowIfCancellationRequested();
            if (clock.GetElapsedTime(ticked) > _tick)
            {
                await recover.RunAsync(scope, accountId, lease, provider.Value.RequestTimeout, over);
                limits = await work.LimitsAsync(scope, accountId, over);
                run.Pacer.Change(limits.Rate);
                (run.Rate, run.Concurrency) = (limits.Rate, limits.Concurrency);
                ticked = clock.GetTimestamp();
            }
            await run.RoomAsync(over);
            var held = await fence.LifeAsync(over) is null;
            if (!held && await ahead.TakeAsync(over) is { Any: true } claims)
            {
                await send.RunAsync(run, claims, ahead, over, stopping);
                wait = _soonest;
                continue;
            }
            if (open.Count == 0 && (held || !await work.AnythingLeftAsync(scope, accountId, over)))
                return;
            await Task.WhenAny(open.NextAsync(), Task.Delay(wait, clock, over));
            wait = wait * 2 < _idle ? wait * 2 : _idle;
        }
    }

    private async Task RenewAsync(Lease lease, Guid accountId, CancellationTokenSource over)
    {
        var third = TimeSpan.FromSeconds(options.Value.LeaseSeconds / 3);
        try
        {
            while (true)
            {
                await Task.Delay(third, clock, over.Token);
                if (await lease.RenewAsync(over.Token))
                    continue;
                DispatchLog.LeaseLost(log, accountId, lease.Fence);
                await over.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The loop ended.
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException or IOException)
        {
            DispatchLog.LoopFailed(log, e, accountId);
            await over.CancelAsync();
        }
    }
}
