using Portal.Data;

namespace Portal.Dispatch;

/// <summary>What a loop asks about its account.</summary>
internal sealed class AccountWork(Databases databases)
{
    /// <summary>Requests a second and requests at once that the provider allows, as they are set just now.</summary>
    public async Task<(int Rate, int Concurrency)> LimitsAsync(TenantScope scope, Guid accountId, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var command = connection.Sql("select rate, concurrency from app.accounts where tenant_id = $1 and id = $2", scope.TenantId, accountId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt32(0), reader.GetInt32(1)) : (1, 1);
    }

    /// <summary>True as long as the loop has a reason to stay: something is open, planned for soon or still being prepared.</summary>
    public Task<bool> AnythingLeftAsync(TenantScope scope, Guid accountId, CancellationToken ct) =>
        databases.OnceAsync<bool>(DatabaseRole.Dispatch, scope, ct, """
            select exists (select from app.batches b where b.tenant_id = $1 and b.account_id = $2 and b.state = 'claimed')
                or exists (select from app.batches b where b.tenant_id = $1 and b.account_id = $2 and b.state = 'dispatching')
                or exists (select from app.sendings s join app.accounts a on a.tenant_id = $1 and a.id = $2
                           where s.tenant_id = $1 and s.account_id = $2 and s.state = 'running' and infra.tenant_is_active($1)
                             and (a.state = 'active' or (a.stopped_code = 'unproven' and s.proves_version is not null))
                             and exists (select from app.batches b
                                         where b.tenant_id = $1 and b.account_id = $2 and b.state = 'planned' and b.sending_id = s.id
                                           and b.not_before < statement_timestamp() + interval '1 minute'))
                or exists (select from app.sendings where tenant_id = $1 and account_id = $2 and state = 'running' and prepared_at is null)
            """, scope.TenantId, accountId);
}
