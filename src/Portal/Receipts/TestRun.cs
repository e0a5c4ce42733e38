using Npgsql;
using Portal.Contacts;
using Portal.Tenants;

namespace Portal.Receipts;

/// <summary>The drill: one test message on its way to its receipt, as far as it came by the database's clock.</summary>
/// <param name="To">The number, masked.</param>
/// <param name="Batch">State of its batch; null while it is being prepared.</param>
/// <param name="Skip">Why it was left out before its request; null: it was not.</param>
/// <param name="Why">The provider's code of a refusal, or the word of a doubt.</param>
/// <param name="ReceivedAt">When its receipt came; it is counted as soon as it is seen here.</param>
/// <param name="LastAt">When the newest receipt of the account came, whatever message it is of.</param>
/// <param name="LagMs">Milliseconds that the newest receipt waited until it was counted; null: of this one nobody knows.</param>
public sealed record TestRun(
    DateTimeOffset Now, string To, DateTimeOffset AskedAt, string? Batch, string? Skip, string? Why, DateTimeOffset? AcceptedAt, string? TaskId,
    DateTimeOffset? ReceivedAt, string? Status, DateTimeOffset? LastAt, int? LagMs)
{
    private const string Sql = """
        select clock_timestamp(), s.number, s.created_at, b.state, k.reason, coalesce(b.why, t.code, t.why), case when t.state = 'accepted' then t.ended_at end, t.task_id,
               r.received_at, r.status, p.last_at, case when p.last_at = r.received_at then p.lag_ms end
        from app.sendings s
        left join lateral (select * from app.batches b where b.tenant_id = $1 and b.sending_id = s.id order by b.batch_no limit 1) b on true
        left join app.skips k on k.tenant_id = $1 and k.sending_id = s.id and k.number = s.number
        left join app.receipt_pulses p on p.tenant_id = $1 and p.account_id = $2
        left join lateral (select * from app.attempts t where t.tenant_id = $1 and t.sending_id = s.id order by t.attempt_no desc limit 1) t on true
        left join lateral (
            select r.received_at, r.status from app.receipts r
            where r.tenant_id = $1 and r.month = s.month and r.sending_id = s.id order by r.meaning = 'not_final', r.seq limit 1) r on true
        where s.tenant_id = $1 and s.account_id = $2 and s.kind = 'test' and s.created_at > clock_timestamp() - interval '24 hours'
        order by s.created_at desc limit 1
        """;

    internal static async Task<TestRun?> ReadAsync(NpgsqlConnection connection, Member member, Guid accountId, CancellationToken ct) =>
        (await connection.QueryAsync(r => Read(r, member), Sql, [member.TenantId, accountId], ct)).FirstOrDefault();

    private static TestRun Read(NpgsqlDataReader row, Member member)
    {
        string? Text(int i) => row.IsDBNull(i) ? null : row.GetString(i);
        DateTimeOffset? At(int i) => row.IsDBNull(i) ? null : row.GetFieldValue<DateTimeOffset>(i);
        return new(
            row.GetFieldValue<DateTimeOffset>(0), member.Shown(row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2), Text(3), Text(4), Text(5), At(6), Text(7),
            At(8), Text(9), At(10), row.IsDBNull(11) ? null : row.GetInt32(11));
    }
}
