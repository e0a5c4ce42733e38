using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Sms.Text;

namespace Portal.Dispatch;

/// <summary>
/// Carries one signed batch through its request: begin (commit), send, record. Whatever goes wrong before the begin has
/// committed, nothing left; whatever goes wrong after it, the outcome is written or the attempt stays dispatching until
/// recovery calls it in doubt.
/// </summary>
internal sealed class SendBatch(RestoreFence fence, BeginAttempt begin, LostBegin lost, HoldBack hold, HoldQuiet quiet, RecordOutcome record,
    ClaimBatches claims, AfterOutcome after, FailPoint fail, ProviderClient provider, IOptions<ProviderOptions> options, TimeProvider clock, ILogger<SendBatch> log)
{
    private const int TriesWhenStopping = 15;

    // As app.begin_attempt says it.
    private const string Held = "held";
    private const string Quiet = "quiet";
    private const string Lost = "lost";
    private static readonly TimeSpan _latest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _oneSecond = TimeSpan.FromSeconds(1);

    /// <param name="granted">The instant that the pace granted; it is close.</param>
    /// <param name="turn">Its turn at the database (<see cref="BeginTurns"/>), over once it has begun or will not.</param>
    /// <param name="stopping">Nothing begins any more; what has begun runs to its time-out, and its outcome is tried to be written for a while.</param>
    /// <returns>Null: there is no outcome; the batch is planned again, or its attempt waits for recovery.</returns>
    public async Task<Outcome?> RunAsync(LoopRun run, SignedBatch signed, DateTimeOffset granted, IDisposable turn, CancellationToken stopping)
    {
        try
        {
            return await SendAsync(run, signed, granted, turn, stopping);
        }
        catch (Exception e)
        {
            // Gives a claim back, however long the database takes to take it: nobody else does while this loop lives. Once the
            // attempt has begun this changes nothing: then recovery calls it in doubt.
            DispatchLog.BatchFailed(log, e, signed.Batch.SendingId, signed.Batch.BatchNo);
            await UntilDoneAsync(signed.Batch, () => claims.ReleaseAsync(run.Scope, [signed.Batch], run.Lease, _oneSecond, CancellationToken.None), stopping);
            return null;
        }
    }

    private async Task<Outcome?> SendAsync(LoopRun run, SignedBatch signed, DateTimeOffset granted, IDisposable turn, CancellationToken stopping)
    {
        var (scope, accountId) = (run.Scope, run.AccountId);
        var (batch, numbers) = (signed.Batch, signed.Request.Numbers);
        var started = clock.GetTimestamp();
        // Not given up half-way: a begin that was committed all the same would be in doubt.
        DispatchTicket? ticket;
        string? why;
        using (turn)
        {
            ticket = stopping.IsCancellationRequested ? null : await fence.TakeAsync(CancellationToken.None);
            why = ticket is null ? Held : await BeginAsync(run, signed, ticket, granted, stopping);
        }
        if (ticket is null || why is not null)
        {
            DispatchLog.NotBegun(log, batch.SendingId, batch.BatchNo, why!);
            if (QuotaFull.Read(why!) is { } full)
                await hold.RunAsync(scope, accountId, run.Lease, batch, full, CancellationToken.None);
            else if (why == Quiet)
                await quiet.RunAsync(scope, accountId, run.Lease, batch, CancellationToken.None);
            else
                await claims.ReleaseAsync(scope, [batch], run.Lease, why is Held or Lost ? _oneSecond : TimeSpan.Zero, CancellationToken.None);
            return null;
        }
        // From here on an attempt stands as dispatching: only its outcome may follow.
        var marked = fence.Mark(ticket, scope, batch);
        fail.Pass(FailPoint.BeforeWrite);
        var outcome = !marked || clock.GetElapsedTime(started) > _latest
            ? Outcome.TooLate
            : Outcome.Of(await provider.SendAsync(signed.Request, options.Value.RequestTimeout, CancellationToken.None, t => run.Pacer.LeaveAsync(granted, t)), numbers);
        fail.Pass(FailPoint.AfterWrite);
        if (batch.ProvesVersion is not null)
            outcome = outcome.AsProof;
        outcome = outcome with { OwnSegments = signed.Segments };
        DispatchLog.Outcome(log, batch.SendingId, batch.BatchNo, batch.AttemptNo, outcome.Kind, outcome.Code, outcome.Why, outcome.Answer?.Elapsed);
        await WriteAsync(scope, accountId, batch, numbers, outcome, stopping);
        await after.RunAsync(scope, accountId, batch, outcome, CancellationToken.None);
        return outcome;
    }

    private async Task<string?> BeginAsync(LoopRun run, SignedBatch signed, DispatchTicket ticket, DateTimeOffset granted, CancellationToken stopping)
    {
        try
        {
            return await begin.RunAsync(run.Scope, run.AccountId, run.Lease, signed, ticket, granted, CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            DispatchLog.BatchFailed(log, e, signed.Batch.SendingId, signed.Batch.BatchNo);
            await UntilDoneAsync(signed.Batch, () => lost.RunAsync(run.Scope, run.AccountId, signed, ticket), stopping);
            return Lost;
        }
    }

    /// <summary>The outcome is all that is known of money spent: it is written again and again until the database takes it.</summary>
    private Task WriteAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken stopping) =>
        UntilDoneAsync(batch, () => record.RunAsync(scope, accountId, batch, numbers, outcome, CancellationToken.None), stopping);

    private async Task UntilDoneAsync(ClaimedBatch batch, Func<Task> write, CancellationToken stopping)
    {
        for (var lateTries = 0; ;)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                DispatchLog.OutcomeNotWritten(log, e, batch.SendingId, batch.BatchNo, batch.AttemptNo);
                if (stopping.IsCancellationRequested && ++lateTries > TriesWhenStopping)
                    throw;
                await Task.Delay(_oneSecond, clock, CancellationToken.None);
            }
        }
    }
}
