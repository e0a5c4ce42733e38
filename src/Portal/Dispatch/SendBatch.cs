using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Accounts;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Sms.Text;

namespace Portal.Dispatch;

/// <summary>
/// Carries one claimed batch through its request: read, sign, begin (commit), send, record. Whatever goes wrong before
/// the begin has committed, nothing left; whatever goes wrong after it, the outcome is written or the attempt stays
/// dispatching until recovery calls it in doubt.
/// </summary>
internal sealed class SendBatch(OpenBatch open, AccountKeys keys, BeginAttempt begin, HoldBack hold, RecordOutcome record, ClaimBatches claims,
    AfterOutcome after, ProviderClient provider, IOptions<ProviderOptions> options, TimeProvider clock, ILogger<SendBatch> log)
{
    private static readonly TimeSpan _latest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _oneSecond = TimeSpan.FromSeconds(1);

    /// <param name="stopping">Ends the writing of an outcome when the process must go; the request itself runs to its time-out.</param>
    /// <returns>Null: there is no outcome; the batch is planned again, or its attempt waits for recovery.</returns>
    public async Task<Outcome?> RunAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, CancellationToken stopping)
    {
        try
        {
            return await SendAsync(scope, accountId, lease, batch, stopping);
        }
        catch (Exception e)
        {
            // Gives a claim back. Once the attempt has begun this changes nothing: then recovery calls it in doubt.
            DispatchLog.BatchFailed(log, e, batch.SendingId, batch.BatchNo);
            await claims.ReleaseAsync(scope, batch, lease, _oneSecond, CancellationToken.None);
            return null;
        }
    }

    private async Task<Outcome?> SendAsync(TenantScope scope, Guid accountId, Lease lease, ClaimedBatch batch, CancellationToken stopping)
    {
        var content = await open.RunAsync(scope, accountId, batch, stopping);
        if (content.Numbers.Count == 0)
        {
            await after.NobodyLeftAsync(scope, batch, lease, stopping);
            return null;
        }
        using var pair = await keys.OpenAsync(scope, accountId, version: null, stopping);
        if (pair is null)
        {
            await after.NoKeyPairAsync(scope, accountId, stopping);
            await claims.ReleaseAsync(scope, batch, lease, TimeSpan.Zero, stopping);
            return null;
        }
        var call = content.Terms.VerificationOnly ? ProviderCall.Verification : ProviderCall.Marketing;
        var message = new ProviderMessage(content.Numbers, content.Text, content.Terms.SenderId, content.Terms.TemplateId, content.Terms.SignName);
        using var request = ProviderRequest.Build(pair.BaseAddress, call, pair.Pair, clock.GetUtcNow(), message);
        var started = clock.GetTimestamp();
        var segments = content.Numbers.Count * Segments.Count(content.Text).Segments;
        var begun = await begin.RunAsync(scope, accountId, lease, batch, pair.Version, request.Timestamp, content.Numbers.Count, segments, stopping);
        if (begun.Full is { } full)
        {
            await hold.RunAsync(scope, accountId, lease, batch, full, CancellationToken.None);
            return null;
        }
        if (begun.Quiet is { } quiet)
        {
            await hold.QuietAsync(scope, accountId, lease, batch, quiet, CancellationToken.None);
            return null;
        }
        if (!begun.Ok)
        {
            await claims.ReleaseAsync(scope, batch, lease, TimeSpan.Zero, CancellationToken.None);
            return null;
        }
        // From here on an attempt stands as dispatching: only its outcome may follow.
        var outcome = clock.GetElapsedTime(started) > _latest
            ? Outcome.TooLate
            : Outcome.Of(await provider.SendAsync(request, options.Value.RequestTimeout, CancellationToken.None), content.Numbers.Count);
        DispatchLog.Outcome(log, batch.SendingId, batch.BatchNo, batch.AttemptNo, outcome.Kind, outcome.Code, outcome.Why, outcome.Answer?.Elapsed);
        await WriteAsync(scope, accountId, batch, content.Numbers.Count, outcome, stopping);
        await after.RunAsync(scope, accountId, batch, outcome, stopping);
        return outcome;
    }

    /// <summary>The outcome is all that is known of money spent: it is written again and again until the database takes it.</summary>
    private async Task WriteAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, int numbers, Outcome outcome, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await record.RunAsync(scope, accountId, batch, numbers, outcome, CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                DispatchLog.OutcomeNotWritten(log, e, batch.SendingId, batch.BatchNo, batch.AttemptNo);
                await Task.Delay(_oneSecond, clock, stopping);
            }
        }
    }
}
