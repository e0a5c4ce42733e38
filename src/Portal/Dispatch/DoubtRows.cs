using System.Globalization;
using Npgsql;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>What the decisions about doubts share.</summary>
internal static class DoubtRows
{
    /// <summary>The open attempt <c>a</c> of a batch <c>b</c> in doubt.</summary>
    public const string Attempt = """
        cross join lateral (
            select x.attempt_no, x.timestamp, x.started_at, x.numbers, x.why from app.attempts x
            where x.tenant_id = $1 and x.sending_id = b.sending_id and x.batch_no = b.batch_no and x.state = 'in_doubt' and x.decided_at is null
            order by x.attempt_no desc limit 1) a
        """;

    /// <summary>When the provider refuses the attempt's request for its age (<see cref="SendAgain.Wait"/>). Its timestamp is in GMT+8.</summary>
    public const string MayBeSentFrom = "to_timestamp(a.timestamp || '+08', 'YYYYMMDDHH24MISSTZH') + interval '2 hours 10 minutes'";

    /// <summary>
    /// Moves batches out of doubt and counts their people. <paramref name="set"/> is what becomes of a batch,
    /// <paramref name="column"/> where its people are counted from then on (null: they wait).
    /// </summary>
    public static async Task<DoubtDecision> DecideAsync(NpgsqlConnection connection, Member member, DoubtChoice choice, string set, string? column, bool due, CancellationToken ct)
    {
        var plus = column is null ? "" : $", {column} = {column} + (select people from total)";
        await using var command = connection.Sql($"""
            with open as (
                select b.batch_no, a.attempt_no
                from app.batches b {Attempt}
                where b.tenant_id = $1 and b.sending_id = $2 and b.state = 'in_doubt' and ($3::int is null or b.batch_no = $3)
                  and (not $4 or {MayBeSentFrom} <= clock_timestamp())
                order by b.batch_no for update of b),
            moved as (
                update app.batches b set {set}, changed_at = clock_timestamp()
                from open where b.tenant_id = $1 and b.sending_id = $2 and b.batch_no = open.batch_no and b.state = 'in_doubt'
                returning b.batch_no, open.attempt_no, b.numbers, b.first_ordinal, b.last_ordinal - b.first_ordinal + 1 - b.settled as people),
            decided as (
                update app.attempts a set decided_at = clock_timestamp()
                from moved where a.tenant_id = $1 and a.sending_id = $2 and a.batch_no = moved.batch_no and a.attempt_no = moved.attempt_no),
            total as (
                select count(*)::int as batches, coalesce(sum(moved.people - k.skipped), 0)::int as people
                from moved cross join lateral (
                    select count(*) as skipped from {BatchMessages.Of("moved")} m
                    join app.skips k on k.tenant_id = $1 and k.sending_id = $2 and k.number = m.number) k),
            counted as (
                update app.sending_counts set in_doubt = in_doubt - (select people from total){plus}
                where tenant_id = $1 and sending_id = $2 and exists (select from moved))
            select batches, people from total
            """, member.TenantId, choice.SendingId, choice.BatchNo, due);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new DoubtDecision(reader.GetInt32(0), reader.GetInt32(1));
    }

    public static Task NoteAsync(NpgsqlConnection connection, Member member, Guid sendingId, string action, DoubtDecision decision, DateTimeOffset at, CancellationToken ct) =>
        connection.RunAsync(ct, "insert into app.audit_entries (tenant_id, id, at, actor_id, subject_id, action, details) values ($1, $2, $3, $4, $5, $6, $7)",
            member.TenantId, Guid.CreateVersion7(), at, member.UserId, sendingId, action,
            new[] { member.Name, decision.Batches.ToString(CultureInfo.InvariantCulture), decision.People.ToString(CultureInfo.InvariantCulture) });
}
