using System.Globalization;
using Npgsql;
using Portal.Audit;
using Portal.Contacts;

namespace Portal.Campaigns;

/// <summary>One line of a campaign's timeline.</summary>
/// <param name="Word">An audit action, or what attempts came to in a minute: <c>first_request</c>, <c>requests</c>, <c>doubts</c>, <c>refusals</c>, <c>slowed_down</c>, <c>not_sent</c>.</param>
/// <param name="ByPerson">A person did it: the first detail is the name.</param>
/// <param name="Details">Names, figures, codes and instants (round-trip form) for the sentence.</param>
public sealed record Happening(DateTimeOffset At, string Word, bool ByPerson, IReadOnlyList<string> Details);

internal static class Happenings
{
    private const int Most = 60;

    // Of an account only what befell it while this campaign was under way.
    private const string Told = """
        select at, action, actor_id is not null, details from app.audit_entries
        where tenant_id = $1 and (subject_id = $2 or (subject_id = $3 and action in ('account_stopped', 'account_resumed') and at >= $4 and at <= $5) or subject_id = $6)
        order by at desc, id desc limit 60
        """;

    private const string Minutes = """
        select date_trunc('minute', started_at), state, coalesce(why, ''), coalesce(code, ''), count(*), sum(numbers)::bigint, max(coalesce(ended_at, started_at))
        from app.attempts where tenant_id = $1 and sending_id = $2 and state <> 'dispatching'
        group by 1, 2, 3, 4 order by 1 desc limit 40
        """;

    private const string First = """
        select s.first_request_at, s.messages::text from app.sendings s
        where s.tenant_id = $1 and s.id = $2 and s.first_request_at is not null
        """;

    public static async Task<IReadOnlyList<Happening>> ReadAsync(NpgsqlConnection connection, Guid tenantId, CampaignView view, CancellationToken ct)
    {
        var (from, to) = (view.StartedAt ?? DateTimeOffset.MaxValue, view.FinishedAt ?? DateTimeOffset.MaxValue);
        var happenings = await connection.QueryAsync(
            r => new Happening(r.GetFieldValue<DateTimeOffset>(0), r.GetString(1), r.GetBoolean(2), r.GetFieldValue<string[]>(3)), Told,
            [tenantId, view.Line.Id, view.AccountId, Instant(from), Instant(to), view.SendingId], ct);
        if (view.SendingId is { } sending)
        {
            happenings.AddRange(await connection.QueryAsync(OfMinute, Minutes, [tenantId, sending], ct));
            happenings.AddRange(await connection.QueryAsync(
                r => new Happening(r.GetFieldValue<DateTimeOffset>(0), "first_request", false, [r.GetString(1)]), First, [tenantId, sending], ct));
            AddFinish(happenings, view);
        }
        return [.. happenings.OrderByDescending(h => h.At).Take(Most)];
    }

    // The entry is written by the sweep, right after the sending's own row says so.
    private static void AddFinish(List<Happening> happenings, CampaignView view)
    {
        if (view is { Line.Status: CampaignStatus.Finished, FinishedAt: { } at } && happenings.TrueForAll(h => h.Word != AuditActions.CampaignFinished))
        {
            var outcome = view.Line.Outcome;
            happenings.Add(new(at, AuditActions.CampaignFinished, false, [Number(outcome.Delivered + outcome.Sent), Number(outcome.InDoubt)]));
        }
    }

    private static Happening OfMinute(NpgsqlDataReader row)
    {
        var (why, code) = (row.GetString(2), row.GetString(3));
        var (word, reason) = row.GetString(1) switch
        {
            "in_doubt" => ("doubts", why),
            "not_sent" => ("not_sent", why),
            "refused" when code == "105" => ("slowed_down", code),
            "refused" => ("refusals", code),
            _ => ("requests", ""),
        };
        return new(row.GetFieldValue<DateTimeOffset>(6), word, false, [Number(row.GetInt64(4)), Number(row.GetInt64(5)), reason]);
    }

    // PostgreSQL's instants end earlier than .NET's.
    private static DateTime Instant(DateTimeOffset at) => at == DateTimeOffset.MaxValue ? DateTime.MaxValue.ToUniversalTime() : at.UtcDateTime;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
