using Npgsql;
using Portal.Contacts;

namespace Portal.Campaigns;

/// <summary>A limit is used up, so nothing leaves until it begins anew.</summary>
/// <param name="Why">Its word, for example <c>account_day_messages</c>.</param>
/// <param name="TimeZone">IANA zone of the tenant, in which days and months are counted.</param>
public sealed record LimitWait(string Why, long Most, DateTimeOffset AgainAt, string TimeZone)
{
    // Looked at again every minute: what is just being looked at still waits.
    private const string Waiting = """
        select l.why, l.most, l.again_at, t.time_zone
        from app.sendings s
        join app.tenant_settings t on t.tenant_id = $1
        cross join lateral app.limits_now($1, s.account_id) l
        where s.tenant_id = $1 and s.id = $2 and s.state = 'running' and l.why = s.waits_for
          and s.waits_until > clock_timestamp() - interval '3 seconds'
        """;

    /// <returns>Null: the sending waits for none.</returns>
    internal static async Task<LimitWait?> ReadAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, CancellationToken ct)
    {
        var found = await connection.QueryAsync(
            r => new LimitWait(r.GetString(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3)), Waiting, [tenantId, sendingId], ct);
        return found is [var wait, ..] ? wait : null;
    }
}
