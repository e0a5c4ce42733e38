using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>running → finished, once it is prepared and no batch is planned, claimed or dispatching. Doubts may remain.</summary>
public sealed class FinishSending(Databases databases, LiveFeed live)
{
    /// <summary>True for the one caller that finished it.</summary>
    public async Task<bool> RunAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Locked first: somebody may just be planning a batch of it again, and the question below must see that.
        await connection.RunAsync(ct, "select from app.sendings where tenant_id = $1 and id = $2 for update", scope.TenantId, sendingId);
        var finished = await connection.RunAsync(ct, """
            update app.sendings s set state = 'finished', finished_at = clock_timestamp()
            where s.tenant_id = $1 and s.id = $2 and s.state = 'running' and s.prepared_at is not null
              and not exists (select from app.batches b where b.tenant_id = s.tenant_id and b.account_id = s.account_id and b.sending_id = s.id
                              and b.state in ('planned', 'claimed', 'dispatching'))
            """, scope.TenantId, sendingId);
        await transaction.CommitAsync(ct);
        if (finished > 0)
            live.Publish(scope.TenantId, sendingId);
        return finished > 0;
    }
}
