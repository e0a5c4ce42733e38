using Portal.Data;

namespace Portal.Dispatch;

/// <summary>
/// claimed → dispatching: the last gate before the first byte leaves (<c>app.begin_attempt</c>), one round trip that
/// commits durably: the role has <c>synchronous_commit = on</c>.
/// </summary>
internal sealed class BeginAttempt(Databases databases)
{
    /// <returns>Null: begun. Otherwise why not; then nothing was written and nothing may leave.</returns>
    public Task<string?> RunAsync(TenantScope scope, Guid accountId, Lease lease, SignedBatch signed, DispatchTicket ticket, DateTimeOffset granted, CancellationToken ct) =>
        databases.OnceAsync<string>(DatabaseRole.Dispatch, scope, ct, "select app.begin_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            accountId, lease.Fence, signed.Batch.SendingId, signed.Batch.BatchNo, signed.Batch.AttemptNo, signed.KeyVersion,
            signed.Request.Timestamp, signed.Request.Numbers, signed.Segments, granted, ticket.Life, ticket.Number, signed.Batch.Settled);
}
