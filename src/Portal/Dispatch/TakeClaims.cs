using Microsoft.Extensions.Logging;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What was claimed together, signed, in its order.</summary>
/// <param name="Any">Something was claimed, even if nothing of it is to be sent.</param>
internal sealed record TakenClaims(bool Any, Queue<SignedBatch> Signed);

/// <summary>Claims what is due next, reads and signs it; gives back what will not be sent.</summary>
internal sealed class TakeClaims(ClaimBatches claims, SignBatches sign, ILogger<TakeClaims> log)
{
    private const int Few = 5;
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);

    public async Task<TakenClaims> RunAsync(LoopRun run, CancellationToken ct)
    {
        // A quarter second's worth at once, or a few: few claims are left behind by a crash, few transactions are spent on claiming.
        var most = Math.Max(run.Rate / 4, Math.Min(run.Rate, Few));
        var batches = await claims.RunAsync(run.Scope, run.AccountId, run.Lease, most, run.Served, ct);
        if (batches.Count == 0)
            return new TakenClaims(Any: false, []);
        run.Served = batches[^1].SendingId;
        return new TakenClaims(Any: true, new(await SignAsync(run, batches, ct)));
    }

    /// <summary>Claimed → planned, for what was not begun.</summary>
    public async Task GiveBackAsync(LoopRun run, TakenClaims taken)
    {
        var left = taken.Signed.Select(s => s.Batch).ToList();
        while (taken.Signed.TryDequeue(out var next))
            next.Dispose();
        await claims.ReleaseAsync(run.Scope, left, run.Lease, TimeSpan.Zero, CancellationToken.None);
    }

    private async Task<List<SignedBatch>> SignAsync(LoopRun run, List<ClaimedBatch> batches, CancellationToken ct)
    {
        try
        {
            return await sign.RunAsync(run.Scope, run.AccountId, run.Lease, batches, ct);
        }
        catch (Exception e)
        {
            if (!ct.IsCancellationRequested)
                DispatchLog.NotSigned(log, e, run.AccountId, batches.Count);
            await claims.ReleaseAsync(run.Scope, batches, run.Lease, ct.IsCancellationRequested ? TimeSpan.Zero : _afterFailure, CancellationToken.None);
            return [];
        }
    }
}
