using Npgsql;
using Portal.Contacts;

namespace Portal.Campaigns;

/// <summary>People of a sending who wait because it is quiet where they are.</summary>
/// <param name="Country">Two letters, or + and a calling code.</param>
/// <param name="Until">When they get it.</param>
/// <param name="Ends">The time at which it is quiet there no more, on the clock of their country; null for a calling code, since each of its countries has its own.</param>
public sealed record QuietWait(string Country, long People, DateTimeOffset Until, TimeOnly? Ends)
{
    private const string Waiting = """
        select w.country, w.people, w.not_before, q.to_minute
        from (select substr(b.why, length('quiet:') + 1) as country, b.not_before, sum(b.last_ordinal - b.first_ordinal + 1 - b.settled)::bigint as people
              from app.sendings s
              join app.batches b on b.tenant_id = $1 and b.account_id = s.account_id and b.sending_id = s.id and b.state = 'planned'
              where s.tenant_id = $1 and s.id = $2 and s.state in ('preparing', 'running') and b.why like 'quiet:%' and b.not_before > clock_timestamp()
              group by 1, 2) w
        left join lateral (
            select q.to_minute from app.quiet_hours q where q.tenant_id = $1 and q.country in (w.country, '') and q.to_minute is not null order by q.country desc limit 1) q
            on not starts_with(w.country, '+')
        where starts_with(w.country, '+') or q.to_minute is not null
        order by w.not_before, w.country
        """;

    internal static Task<List<QuietWait>> ReadAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, CancellationToken ct) =>
        connection.QueryAsync(
            r => new QuietWait(r.GetString(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.IsDBNull(3) ? null : TimeOnly.MinValue.AddMinutes(r.GetInt16(3))), Waiting, [tenantId, sendingId], ct);
}
