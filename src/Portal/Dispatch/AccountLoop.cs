using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// The one loop of an account, on whichever instance holds the lease: claims, paces, keeps requests open up to the
/// account's concurrency, and ends when nothing is left. When the lease is lost it claims nothing more; requests that
/// are open end by themselves and their outcomes count.
/// </summary>
internal sealed class AccountLoop(Databases databases, ClaimBatches claims, SendBatch send, RecoverAccount recover,
    IOptions<DispatchOptions> options, IOptions<ProviderOptions> provider, TimeProvider clock, ILogger<AccountLoop> log)
{
    private static readonly TimeSpan _idle = TimeSpan.FromMilliseconds(100);

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
        var (rate, concurrency) = await ReadLimitsAsync(scope, accountId, over);
        var pacer = new Pacer(rate, clock);
        var recovered = clock.GetTimestamp();
        await recover.RunAsync(scope, accountId, lease, provider.Value.RequestTimeout, over);
        while (true)
        {
            over.ThrowIfCancellationRequested();
            if (clock.GetElapsedTime(recovered) > TimeSpan.FromSeconds(1))
            {
                await recover.RunAsync(scope, accountId, lease, provider.Value.RequestTimeout, over);
                recovered = clock.GetTimestamp();
            }
            // A quarter second's worth at once: few claims are left behind by a crash, few transactions are spent on claiming.
            var room = Math.Min(concurrency - open.Count, Math.Max(1, rate / 4));
            var batches = room > 0 ? await claims.RunAsync(scope, accountId, lease, room, over) : [];
            foreach (var batch in batches)
                await StartAsync(scope, accountId, lease, batch, pacer, open, over, stopping);
            if (batches.Count > 0)
                continue;
            if (open.Count == 0 && !await AnythingLeftAsync(scope, accountId, over))
                return;
            await Task.WhenAny(open.NextAsync(), Task.Delay(_idle, clock, over));
        }
    }

    private async Task StartAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, Pacer pacer, OpenRequests open, CancellationToken over, CancellationToken stopping)
    {
        try
        {
            await pacer.WaitAsync(over);
        }
        catch (OperationCanceledException)
        {
            await claims.ReleaseAsync(scope, batch, lease, TimeSpan.Zero, CancellationToken.None);
            return;
        }
        open.Add(RunOneAsync());

        async Task RunOneAsync()
        {
            var outcome = await send.RunAsync(scope, accountId, lease, batch, stopping);
            if (outcome is { SlowDown: true })
                pacer.SlowDown();
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

    private async Task<(int Rate, int Concurrency)> ReadLimitsAsync(TenantScope scope, Guid accountId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var command = connection.Sql("select rate, concurrency from app.accounts where tenant_id = $1 and id = $2", scope.TenantId, accountId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt32(0), reader.GetInt32(1)) : (1, 1);
    }

    private async Task<bool> AnythingLeftAsync(TenantScope scope, Guid accountId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        return await connection.ScalarAsync<bool>(ct, """
            select exists (select from app.batches b join app.sendings s on s.tenant_id = b.tenant_id and s.id = b.sending_id
                           join app.accounts a on a.tenant_id = b.tenant_id and a.id = b.account_id
                           where b.tenant_id = $1 and b.account_id = $2
                             and (b.state in ('claimed', 'dispatching') or (b.state = 'planned' and s.state = 'running' and s.not_before <= clock_timestamp() + interval '1 second' and a.state = 'active')))
                or exists (select from app.sendings where tenant_id = $1 and account_id = $2 and state = 'running' and prepared_at is null)
            """, scope.TenantId, accountId);
    }
}
