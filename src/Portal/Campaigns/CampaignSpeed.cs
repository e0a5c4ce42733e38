using Npgsql;
using Portal.Contacts;

namespace Portal.Campaigns;

/// <summary>How fast a sending goes just now.</summary>
/// <param name="Requests">Requests a second over the last ten seconds.</param>
/// <param name="DoneAt">When the last request would leave at that pace, or by the plan of a sending that is spread; null while nobody can say.</param>
public sealed record CampaignSpeed(double Requests, DateTimeOffset? DoneAt)
{
    private const double Seconds = 10;

    // Fewer than that say nothing of whether a sending that is spread keeps to its plan.
    private const int Telling = 10;

    // Attempts have no index by time: the newest batches are the ones that moved lately.
    private const string Sql = """
        select (select count(*) from (
                    select started_at from app.attempts where tenant_id = $1 and sending_id = $2 order by batch_no desc limit 5000) a
                where a.started_at > clock_timestamp() - interval '10 seconds'),
               (select count(*) from app.batches b
                where b.tenant_id = $1 and b.account_id = $3 and b.sending_id = $2 and b.state in ('planned', 'claimed', 'dispatching')),
               clock_timestamp(),
               (select s.spread_until from app.sendings s where s.tenant_id = $1 and s.id = $2 and s.spread_until > clock_timestamp())
        """;

    internal static async Task<CampaignSpeed> ReadAsync(NpgsqlConnection connection, Guid tenantId, Guid sendingId, Guid accountId, CancellationToken ct)
    {
        var (lately, open, now, spread) = (await connection.QueryAsync(
            r => (r.GetInt64(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2), r.IsDBNull(3) ? (DateTimeOffset?)null : r.GetFieldValue<DateTimeOffset>(3)),
            Sql, [tenantId, sendingId, accountId], ct))[0];
        var pace = lately / Seconds;
        DateTimeOffset? atThisPace = pace > 0 ? now.AddSeconds(open / pace) : null;
        return new(pace, spread is null || (lately >= Telling && atThisPace > spread) ? atThisPace : spread);
    }
}
