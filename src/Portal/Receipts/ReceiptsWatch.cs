using System.Net;
using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Members;

namespace Portal.Receipts;

/// <summary>How receipts come and are applied: for operators, who see no body, no apikey and no number.</summary>
/// <param name="Now">The database's clock.</param>
/// <param name="Pace">Of the last minutes; null: nobody has noted any.</param>
/// <param name="Waiting">In the inbox, counted up to <see cref="ReceiptsWatch.MostCounted"/>.</param>
/// <param name="Accounts">Accounts with a receipt in the last hour.</param>
public sealed record ReceiptsView(
    DateTimeOffset Now, ReceiptPace? Pace, long Waiting, DateTimeOffset? OldestWaiting, long Accounts,
    IReadOnlyList<ReceiptHour> Hours, IReadOnlyList<ReceiptSource> Sources, IReadOnlyList<ParkedReason> Parked, IReadOnlyList<ParkedKey> Keys);

/// <param name="NotedAt">When the last minute was noted; long ago: nobody applies receipts.</param>
/// <param name="LagMs">The longest that one waited to be applied; null: none came.</param>
public sealed record ReceiptPace(DateTimeOffset NotedAt, double CamePerSecond, double AppliedPerSecond, int? LagMs);

/// <summary>One hour of the last twelve.</summary>
public sealed record ReceiptHour(DateTimeOffset Hour, long Came, long Applied, long Parked, int? LagMs);

/// <summary>An address from which receipts came in the last twelve hours.</summary>
/// <param name="Address">Null: of many, or unknown.</param>
public sealed record ReceiptSource(IPAddress? Address, long Taken, long Parked, DateTimeOffset LastAt);

/// <summary>Parked receipts of one reason.</summary>
public sealed record ParkedReason(string Reason, long Count, DateTimeOffset Oldest, DateTimeOffset Newest);

/// <summary>Parked receipts with one apikey.</summary>
/// <param name="Last4">The end of the apikey; null: there is none, or it is too short to show a part of it.</param>
/// <param name="Tenant">Whose it is, where it is proven.</param>
/// <param name="Host">The provider's host that it was proven at.</param>
public sealed record ParkedKey(string Reason, string? Last4, string? Tenant, string? Host, long Count, DateTimeOffset Oldest);

/// <summary>Reads them.</summary>
public sealed class ReceiptsWatch(Databases databases)
{
    public const int MostCounted = 100_000;

    // After a restore the sequence is behind what was noted.
    private const string Pace = """
        with m as (select at, seconds, applied, lag_ms, case when last_id >= lag(last_id) over w then last_id - lag(last_id) over w end as came from infra.receipt_minutes
                   where at > clock_timestamp() - interval '24 hours' window w as (order by at))
        select max(m.at), coalesce(sum(m.came), 0)::bigint, coalesce(sum(m.applied), 0)::bigint, sum(m.seconds) filter (where m.came is not null), sum(m.seconds), max(m.lag_ms)
        from m where m.at > (select max(at) from m) - interval '5 minutes'
        """;

    private static readonly string _inbox = $"""
        select clock_timestamp(), (select count(*) from (select from infra.receipt_inbox limit {MostCounted}) i), (select received_at from infra.receipt_inbox order by id limit 1),
               (select count(*) from app.receipt_pulses where last_at > clock_timestamp() - interval '1 hour')
        """;

    private const string Hours = """
        with m as (select at, applied, parked, lag_ms, case when last_id >= lag(last_id) over w then last_id - lag(last_id) over w end as came from infra.receipt_minutes
                   where at > clock_timestamp() - interval '13 hours' window w as (order by at))
        select date_trunc('hour', at), coalesce(sum(came), 0)::bigint, sum(applied)::bigint, sum(parked)::bigint, max(lag_ms)
        from m where at > date_trunc('hour', clock_timestamp()) - interval '11 hours' group by 1 order by 1 desc
        """;

    private const string Sources = """
        select nullif(source, '::'::inet), sum(taken)::bigint, sum(parked)::bigint, max(last_at) from infra.receipt_sources
        where hour > clock_timestamp() - interval '12 hours' group by 1 order by 2 desc limit 20
        """;

    private const string Parked = """
        select reason, count(*), min(received_at), max(received_at) from infra.parked_receipts group by reason order by 2 desc
        """;

    private const string Keys = """
        select k.reason, k.key_last4, t.name, substring(a.base_address from '^[a-z]+://([^/]+)'), k.receipts, k.oldest
        from (select reason, key_last4, tenant_id, account_id, count(*) as receipts, min(received_at) as oldest from infra.parked_receipts
              group by 1, 2, 3, 4 order by 5 desc limit 20) k
        left join ident.tenants t on t.id = k.tenant_id
        left join app.accounts a on a.tenant_id = k.tenant_id and a.id = k.account_id
        order by k.receipts desc, k.oldest
        """;

    public async Task<ReceiptsView> RunAsync(Operator by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        await using var connection = await databases[DatabaseRole.Operator].OpenConnectionAsync(ct);
        var pace = (await connection.QueryAsync(ReadPace, Pace, [], ct))[0];
        var (now, waiting, oldest, accounts) = (await connection.QueryAsync(ReadInbox, _inbox, [], ct))[0];
        return new(
            now, pace, waiting, oldest, accounts,
            await connection.QueryAsync(r => new ReceiptHour(At(r, 0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), Whole(r, 4)), Hours, [], ct),
            await connection.QueryAsync(r => new ReceiptSource(r.IsDBNull(0) ? null : r.GetFieldValue<IPAddress>(0), r.GetInt64(1), r.GetInt64(2), At(r, 3)), Sources, [], ct),
            await connection.QueryAsync(r => new ParkedReason(r.GetString(0), r.GetInt64(1), At(r, 2), At(r, 3)), Parked, [], ct),
            await connection.QueryAsync(r => new ParkedKey(r.GetString(0), Text(r, 1), Text(r, 2), Text(r, 3), r.GetInt64(4), At(r, 5)), Keys, [], ct));
    }

    private static ReceiptPace? ReadPace(NpgsqlDataReader r) =>
        r.IsDBNull(0) ? null : new(At(r, 0), Rate(r.GetInt64(1), r, 3), Rate(r.GetInt64(2), r, 4), Whole(r, 5));

    private static (DateTimeOffset Now, long Waiting, DateTimeOffset? Oldest, long Accounts) ReadInbox(NpgsqlDataReader r)
    {
        DateTimeOffset? oldest = r.IsDBNull(2) ? null : At(r, 2);
        return (At(r, 0), r.GetInt64(1), oldest, r.GetInt64(3));
    }

    private static double Rate(long receipts, NpgsqlDataReader r, int seconds) => r.IsDBNull(seconds) ? 0 : receipts / r.GetDouble(seconds);

    private static DateTimeOffset At(NpgsqlDataReader r, int i) => r.GetFieldValue<DateTimeOffset>(i);

    private static string? Text(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : r.GetString(i);

    private static int? Whole(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : r.GetInt32(i);
}
