using Portal.Data;
using Portal.Live;

namespace Portal.Dispatch;

/// <summary>
/// Lets the rest of a sending go once enough of its first messages were delivered. When that cannot come true any more, or
/// their receipts take too long, the sending is paused (<c>canary</c>) and a person decides.
/// </summary>
internal sealed class JudgeCanary(Databases databases, LiveFeed live)
{
    private const string Sql = """
        with first as (
            select s.id, least(s.canary, s.messages) as people, s.canary_percent, s.canary_minutes,
                   c.delivered, c.delivered + c.undelivered + c.refused + c.dropped as settled,
                   (select count(*) filter (where b.state in ('planned', 'claimed', 'dispatching')) from app.batches b
                    where b.tenant_id = $1 and b.sending_id = s.id and b.first_ordinal < s.canary) as open,
                   (select max(b.changed_at) from app.batches b where b.tenant_id = $1 and b.sending_id = s.id and b.first_ordinal < s.canary) as last_at
            from app.sendings s join app.sending_counts c on c.tenant_id = s.tenant_id and c.sending_id = s.id
            where s.tenant_id = $1 and s.id = $2 and s.state = 'running' and s.canary is not null and s.canary_passed_at is null and s.prepared_at is not null),
        judged as (
            select id, delivered * 100 >= canary_percent * people as passed,
                   open = 0 and (settled >= people or last_at < clock_timestamp() - make_interval(mins => canary_minutes)) as failed
            from first)
        update app.sendings s
        set canary_passed_at = case when j.passed then clock_timestamp() end,
            state = case when j.passed then s.state else 'paused' end, paused_why = case when j.passed then null else 'canary' end
        from judged j
        where s.tenant_id = $1 and s.id = j.id and s.state = 'running' and (j.passed or j.failed)
        returning j.passed
        """;

    /// <returns>Null: it is too early to say.</returns>
    public async Task<bool?> RunAsync(TenantScope scope, Guid sendingId, CancellationToken ct)
    {
        var passed = await databases.OnceAsync<bool?>(DatabaseRole.Dispatch, scope, ct, Sql, scope.TenantId, sendingId);
        if (passed is not null)
            live.Publish(scope.TenantId, sendingId);
        return passed;
    }
}
