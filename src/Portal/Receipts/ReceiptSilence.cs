using Npgsql;
using Portal.Contacts;

namespace Portal.Receipts;

/// <summary>An account that sends and hears nothing back.</summary>
/// <param name="Messages">Handed over since the newest receipt, and long enough ago.</param>
/// <param name="Since">When the first of them was.</param>
/// <param name="LastAt">When the newest receipt came; null: none ever did.</param>
public sealed record SilentAccount(Guid Id, string Label, long Messages, DateTimeOffset Since, DateTimeOffset? LastAt);

/// <summary>
/// The watchdog's rule, in one place. Receipts have stopped when no receipt of the account came in the last 10 minutes, and
/// either 5 messages that left since the newest one were accepted more than 10 minutes ago, or any of them more than an hour
/// ago: one phone that is switched off is no alarm, and an account that sends little is found as well. It looks back 72 hours,
/// the time for which a receipt may come at all. Nothing is stored: the next receipt ends it.
/// </summary>
internal static class ReceiptSilence
{
    // Where receipts flow, the pulse alone answers. A sending that ended before the newest receipt need not be looked through.
    private const string Sql = """
        select a.id, a.label, w.messages, w.since, p.last_at
        from app.accounts a
        left join app.receipt_pulses p on p.tenant_id = $1 and p.account_id = a.id
        cross join lateral (
            select sum(t.numbers)::bigint messages, min(t.ended_at) since
            from app.sendings s
            join app.attempts t on t.tenant_id = $1 and t.sending_id = s.id
            where s.tenant_id = $1 and s.account_id = a.id and s.created_at > clock_timestamp() - interval '7 days'
              and (s.finished_at is null or p.last_at is null or s.finished_at > p.last_at)
              and t.state = 'accepted' and (p.last_at is null or t.started_at > p.last_at)
              and t.ended_at between clock_timestamp() - interval '72 hours' and clock_timestamp() - interval '10 minutes') w
        where a.tenant_id = $1 and ($2::uuid is null or a.id = $2)
          and (p.last_at is null or p.last_at < clock_timestamp() - interval '10 minutes')
          and (w.messages >= 5 or w.since < clock_timestamp() - interval '1 hour')
        order by w.since
        """;

    /// <param name="accountId">Null: all of the tenant's.</param>
    public static Task<List<SilentAccount>> ReadAsync(NpgsqlConnection connection, Guid tenantId, Guid? accountId, CancellationToken ct) => connection.QueryAsync(
        r => new SilentAccount(r.GetGuid(0), r.GetString(1), r.GetInt64(2), r.GetFieldValue<DateTimeOffset>(3), r.IsDBNull(4) ? null : r.GetFieldValue<DateTimeOffset>(4)),
        Sql, [tenantId, accountId ?? (object)DBNull.Value], ct);
}
