using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Pause, resume, cancel: each takes effect before the next request, because the transaction that begins an attempt
/// locks the sending's row and looks at its state.
/// </summary>
public sealed class ControlSending(Databases databases, LiveFeed live)
{
    public Task<bool> PauseAsync(TenantScope scope, Guid sendingId, CancellationToken ct) =>
        MoveAsync(scope, sendingId, "paused", "'preparing', 'running'", ct);

    public Task<bool> ResumeAsync(TenantScope scope, Guid sendingId, CancellationToken ct) =>
        MoveAsync(scope, sendingId, "running", "'paused', 'stopped'", ct);

    /// <summary>What has left stays sent; what is planned is called off. It cannot be taken back.</summary>
    public Task<bool> CancelAsync(TenantScope scope, Guid sendingId, CancellationToken ct) =>
        MoveAsync(scope, sendingId, "cancelled", "'preparing', 'running', 'paused', 'stopped'", ct);

    private async Task<bool> MoveAsync(TenantScope scope, Guid sendingId, string to, string from, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var moved = await connection.RunAsync(ct, $"""
            update app.sendings set state = case when '{to}' = 'running' and coalesce(canary, most_messages) is not null and prepared_at is null then 'preparing' else '{to}' end, finished_at = case when '{to}' = 'cancelled' then clock_timestamp() end,
                   paused_why = null, waits_for = null, waits_until = null, canary_passed_at = case when paused_why = 'canary' and '{to}' = 'running' then clock_timestamp() else canary_passed_at end
            where tenant_id = $1 and id = $2 and state in ({from})
            """, scope.TenantId, sendingId);
        await CancelSql.LeftoversAsync(connection, scope.TenantId, sendingId, ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, sendingId);
        return moved > 0;
    }
}
