using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data;
using Portal.Live;
using Portal.Sms.Provider;

namespace Portal.Dispatch;

/// <summary>What follows from an outcome for the account and the sending: stops, pauses, times, proofs.</summary>
internal sealed class AfterOutcome(Databases databases, StopAccount stop, RecordProof proof, OutgoingAddresses addresses, LiveFeed live, IOptions<DispatchOptions> options)
{
    public async Task RunAsync(TenantScope scope, Guid accountId, ClaimedBatch batch, Outcome outcome, CancellationToken ct)
    {
        if (outcome.Answer is { } answer)
            addresses.Observe(answer);
        if (batch.ProvesVersion is { } version && outcome.Answer is not null)
            await proof.RunAsync(scope, accountId, version, outcome.Answer, ct);
        if (outcome.StopCode is { } code)
            await StopAsync(scope, accountId, code, code == "204" ? addresses.MissingAfter(outcome.Answer!)?.ToString() : null, ct);
        if (outcome.Kind == OutcomeKind.InDoubt && !options.Value.NeverPauseOnDoubts && await DoubtsPileUpAsync(scope, accountId, ct))
            await StopAsync(scope, accountId, "doubts", null, ct);
        if (batch.BatchNo == 0)
            await NoteFirstRequestAsync(scope, batch, ct);
    }

    /// <summary>Everybody of the batch was suppressed, or told of by a receipt, since it was planned: there is nothing to ask the provider for.</summary>
    public async Task NobodyLeftAsync(TenantScope scope, ClaimedBatch batch, Lease lease, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, """
            update app.batches set state = case when settled > 0 then 'accepted' else 'cancelled' end,
                   why = case when settled > 0 then 'receipts' else 'suppressed' end, changed_at = clock_timestamp()
            where tenant_id = $1 and sending_id = $2 and batch_no = $3 and state = 'claimed' and fence = $4
            """, scope.TenantId, batch.SendingId, batch.BatchNo, lease.Fence);
        live.Publish(scope.TenantId, batch.SendingId);
    }

    /// <summary>There is no pair to sign with, or it may not be used: the account stops until a person has looked.</summary>
    public Task CannotSignAsync(TenantScope scope, Guid accountId, string code, CancellationToken ct) => StopAsync(scope, accountId, code, null, ct);

    private async Task StopAsync(TenantScope scope, Guid accountId, string code, string? missingAddress, CancellationToken ct)
    {
        await stop.RunAsync(scope, accountId, code, missingAddress, ct);
        live.Publish(scope.TenantId, accountId);
    }

    // A person who let the account go on has seen the doubts before that.
    private async Task<bool> DoubtsPileUpAsync(TenantScope scope, Guid accountId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        return await connection.ScalarAsync<bool>(ct, """
            select s.doubt_pause > 0 and s.doubt_pause <= (
                select count(*) from app.batches b
                where b.tenant_id = $1 and b.account_id = $2 and b.state = 'in_doubt' and b.why <> 'restored' and b.changed_at > clock_timestamp() - interval '5 minutes'
                  and b.changed_at > coalesce((select max(e.at) from app.audit_entries e where e.tenant_id = $1 and e.subject_id = $2 and e.action = 'account_resumed'), '-infinity'))
            from app.tenant_settings s where s.tenant_id = $1
            """, scope.TenantId, accountId);
    }

    private async Task NoteFirstRequestAsync(TenantScope scope, ClaimedBatch batch, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await connection.RunAsync(ct, """
            update app.sendings set first_request_at = (select min(started_at) from app.attempts where tenant_id = $1 and sending_id = $2)
            where tenant_id = $1 and id = $2 and first_request_at is null
            """, scope.TenantId, batch.SendingId);
    }
}
