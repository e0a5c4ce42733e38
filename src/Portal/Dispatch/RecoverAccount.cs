using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Takes up what a dead loop left behind. A claim under an older fence never got to its request: planned again. An
/// attempt under an older fence whose time-out and five seconds are over: in doubt, and never sent again by the machine. So
/// is one of this loop a minute later: its outcome was lost on the way to the database.
/// </summary>
internal sealed class RecoverAccount(Databases databases, LiveFeed live, ILogger<RecoverAccount> log)
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    public async Task RunAsync(TenantScope scope, Guid accountId, Lease lease, TimeSpan requestTimeout, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.Dispatch, scope, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await lease.HoldAsync(connection, ct))
            return;
        var claims = await connection.RunAsync(ct, """
            update app.batches set state = 'planned', changed_at = clock_timestamp()
            where tenant_id = $1 and account_id = $2 and state = 'claimed' and fence < $3
            """, scope.TenantId, accountId, lease.Fence);
        var doubts = await DoubtAsync(connection, scope, accountId, lease, requestTimeout + _grace, ct);
        await FindBadNumber.ReleaseAsync(connection, scope, accountId, ct);
        await transaction.CommitAsync(ct);
        if (claims + doubts.Count == 0)
            return;
        DispatchLog.Recovered(log, accountId, claims, doubts.Count);
        foreach (var sending in doubts.Distinct())
            live.Publish(scope.TenantId, sending);
    }

    private static async Task<List<Guid>> DoubtAsync(Npgsql.NpgsqlConnection connection, TenantScope scope, Guid accountId, Lease lease, TimeSpan after, CancellationToken ct)
    {
        var sendings = new List<Guid>();
        await using var command = connection.Sql("""
            with lost as (
                update app.attempts a set state = 'in_doubt', why = 'sender_died', ended_at = clock_timestamp()
                where a.tenant_id = $1 and a.account_id = $2 and a.state = 'dispatching' and a.started_at < clock_timestamp() - $4
                  and (a.fence < $3 or a.started_at < clock_timestamp() - $4 - interval '1 minute')
                returning a.sending_id, a.batch_no, a.attempt_no, a.numbers + a.left_out as people),
            doubted as (
                update app.batches b set state = case when lost.people > b.settled then 'in_doubt' else 'accepted' end,
                       why = case when lost.people > b.settled then 'sender_died' else 'receipts' end, changed_at = clock_timestamp()
                from lost where b.tenant_id = $1 and b.sending_id = lost.sending_id and b.batch_no = lost.batch_no and b.attempts = lost.attempt_no and b.state || '' = 'dispatching'
                returning b.sending_id, b.batch_no, lost.people - b.settled as people),
            counted as (
                update app.sending_counts c set in_doubt = c.in_doubt + d.people
                from (select sending_id, sum(people)::int as people from doubted group by sending_id) d
                where c.tenant_id = $1 and c.sending_id = d.sending_id)
            select sending_id from doubted
            """, scope.TenantId, accountId, lease.Fence, after);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            sendings.Add(reader.GetGuid(0));
        return sendings;
    }
}
