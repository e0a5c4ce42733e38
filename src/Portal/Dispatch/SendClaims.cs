using Microsoft.Extensions.Logging;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// Starts the requests of what was claimed together, each at its instant, and leaves them open. What cannot be started any
/// more (the lease is lost, the process stops) is given back.
/// </summary>
internal sealed class SendClaims(SignBatches sign, ClaimBatches claims, SendBatch send, ProcessShare share, TimeProvider clock, ILogger<SendClaims> log)
{
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);

    /// <param name="over">The loop may start nothing more.</param>
    /// <param name="stopping">The process must go.</param>
    public async Task RunAsync(LoopRun run, IReadOnlyList<ClaimedBatch> batches, CancellationToken over, CancellationToken stopping)
    {
        var left = new Queue<SignedBatch>(await SignAsync(run, batches, over));
        try
        {
            while (left.TryPeek(out var next))
            {
                await run.RoomAsync(over);
                var place = await share.EnterAsync(run.Scope.TenantId, over);
                DateTimeOffset granted;
                try
                {
                    granted = await run.Pacer.WaitAsync(over);
                }
                catch
                {
                    place.Dispose();
                    throw;
                }
                run.Open.Add(OneAsync(run, left.Dequeue(), granted, place, stopping));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            while (left.TryDequeue(out var next))
            {
                using (next)
                    await claims.ReleaseAsync(run.Scope, next.Batch, run.Lease, TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

    private async Task<List<SignedBatch>> SignAsync(LoopRun run, IReadOnlyList<ClaimedBatch> batches, CancellationToken ct)
    {
        try
        {
            return await sign.RunAsync(run.Scope, run.AccountId, run.Lease, batches, ct);
        }
        catch (Exception e)
        {
            if (!ct.IsCancellationRequested)
                DispatchLog.NotSigned(log, e, run.AccountId, batches.Count);
            foreach (var batch in batches)
                await claims.ReleaseAsync(run.Scope, batch, run.Lease, ct.IsCancellationRequested ? TimeSpan.Zero : _afterFailure, CancellationToken.None);
            return [];
        }
    }

    private async Task OneAsync(LoopRun run, SignedBatch signed, DateTimeOffset granted, IDisposable place, CancellationToken stopping)
    {
        using (place)
        using (signed)
        {
            var started = clock.GetTimestamp();
            var outcome = await send.RunAsync(run, signed, granted, stopping);
            if (outcome is { SlowDown: true })
                run.Pacer.SlowDown();
            if (outcome?.Answer is not null)
                run.Window.Answered(clock.GetElapsedTime(started));
        }
    }
}
