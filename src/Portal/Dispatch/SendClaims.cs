using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// Starts the requests of what was claimed together, each at its instant, and leaves them open. What cannot be started any
/// more (the lease is lost, the process stops) is given back.
/// </summary>
internal sealed class SendClaims(TakeClaims take, SendBatch send, ProcessShare share, BeginTurns turns, TimeProvider clock)
{
    // What is claimed next has an eighth of a second to be claimed, read and signed.
    private const int Ahead = 8;

    /// <param name="over">The loop may start nothing more.</param>
    /// <param name="stopping">The process must go.</param>
    public async Task RunAsync(LoopRun run, TakenClaims claims, ClaimAhead ahead, CancellationToken over, CancellationToken stopping)
    {
        var left = claims.Signed;
        try
        {
            while (left.Count > 0)
            {
                if (left.Count <= run.Rate / Ahead)
                    ahead.Begin(over);
                await run.RoomAsync(over);
                var place = await share.EnterAsync(run.Scope.TenantId, over);
                DateTimeOffset granted;
                IDisposable turn;
                try
                {
                    granted = await run.Pacer.WaitAsync(over);
                    turn = await turns.EnterAsync(over);
                }
                catch
                {
                    place.Dispose();
                    throw;
                }
                run.Open.Add(OneAsync(run, left.Dequeue(), granted, place, turn, stopping));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            await take.GiveBackAsync(run, claims);
        }
    }

    private async Task OneAsync(LoopRun run, SignedBatch signed, DateTimeOffset granted, IDisposable place, IDisposable turn, CancellationToken stopping)
    {
        using (place)
        using (signed)
        {
            var started = clock.GetTimestamp();
            var outcome = await send.RunAsync(run, signed, granted, turn, stopping);
            if (outcome is { SlowDown: true })
                run.Pacer.SlowDown();
            if (outcome?.Answer is not null)
                run.Window.Answered(clock.GetElapsedTime(started));
        }
    }
}
