using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// The connection died while an attempt was begun, and nobody knows whether the commit came through. Whoever began it sends
/// nothing of it any more, so if it stands it was not sent, and need not become a doubt. Told by its dispatch number: the same
/// batch may have been begun by another loop meanwhile, and that attempt may be on its way.
/// </summary>
internal sealed class LostBegin(Databases databases, RecordOutcome record)
{
    /// <summary>Afterwards its batch is planned again, or claimed as before.</summary>
    public async Task RunAsync(TenantScope scope, Guid accountId, SignedBatch signed, DispatchTicket ticket)
    {
        if (await StandsAsync(scope, signed.Batch, ticket))
            await record.RunAsync(scope, accountId, signed.Batch, signed.Request.Numbers, Outcome.BeginLost, CancellationToken.None);
    }

    private async Task<bool> StandsAsync(TenantScope scope, ClaimedBatch batch, DispatchTicket ticket)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        // The begin holds this row: once it is had here, whatever the server was still committing is over, and seen below.
        await connection.RunAsync(CancellationToken.None, """
            select from app.batches where tenant_id = $1 and sending_id = $2 and batch_no = $3 for update
            """, scope.TenantId, batch.SendingId, batch.BatchNo);
        return await connection.ScalarAsync<bool>(CancellationToken.None, """
            select exists (select from app.attempts
                           where tenant_id = $1 and sending_id = $2 and batch_no = $3 and attempt_no = $4 and dispatch_no = $5 and state in ('dispatching', 'in_doubt'))
            """, scope.TenantId, batch.SendingId, batch.BatchNo, batch.AttemptNo, ticket.Number);
    }
}
