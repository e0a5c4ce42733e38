using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>A tenant's requests in doubt, the oldest first, at most <see cref="Most"/> of them (role Viewer).</summary>
public sealed class DoubtList(Databases databases)
{
    public const int Most = 200;

    private static readonly string _sql = $"""
        with doubts as (
            select b.sending_id, b.batch_no, s.month, b.first_ordinal, b.numbers, b.settled, a.why, a.started_at, {DoubtRows.MayBeSentFrom} as may_from,
                   s.state = 'cancelled' as cancelled, s.account_id, c.id as campaign_id, coalesce(c.name, '') as name, n.people
            from app.batches b {DoubtRows.Attempt}
            join app.sendings s on s.tenant_id = $1 and s.id = b.sending_id
            left join app.campaigns c on c.tenant_id = $1 and c.sending_id = b.sending_id
            cross join lateral (
                select b.last_ordinal - b.first_ordinal + 1 - count(k.number) as people
                from {BatchMessages.Of("b")} m join app.skips k on k.tenant_id = $1 and k.sending_id = b.sending_id and k.number = m.number) n
            where b.tenant_id = $1 and b.state = 'in_doubt' and ($2::uuid is null or c.id = $2)),
        listed as (
            select d.*, count(*) over w as batches, (sum(people - settled) over w)::bigint as untold,
                   count(*) filter (where may_from <= clock_timestamp()) over w as due,
                   coalesce(sum(people - settled) filter (where may_from <= clock_timestamp()) over w, 0)::bigint as due_people,
                   min(started_at) over w as oldest
            from doubts d window w as (partition by sending_id)
            order by min(started_at) over w, sending_id, started_at, batch_no limit 200)
        select l.sending_id, l.campaign_id, l.name, l.cancelled, a.label, l.batches, l.untold, l.due, l.due_people,
               l.batch_no, coalesce(l.why, ''), l.started_at, l.people::int, l.settled, l.may_from, l.started_at < clock_timestamp() - interval '72 hours',
               array(select m.number from {BatchMessages.Of("l")} m
                     where not exists (select from app.skips k where k.tenant_id = $1 and k.sending_id = l.sending_id and k.number = m.number)
                       and not exists (select from app.receipts r where r.tenant_id = $1 and r.month = l.month and r.sending_id = l.sending_id and r.number = m.number)
                     order by m.ordinal limit 3)
        from listed l join app.accounts a on a.tenant_id = $1 and a.id = l.account_id
        order by l.oldest, l.sending_id, l.started_at, l.batch_no
        """;

    /// <param name="campaignId">Null for all.</param>
    public async Task<IReadOnlyList<DoubtfulSending>> RunAsync(Member member, Guid? campaignId, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        var rows = await connection.QueryAsync(r => (Sending: ReadSending(r), Request: ReadRequest(r)), _sql, [member.TenantId, campaignId], ct);
        return [.. rows.GroupBy(r => r.Sending.SendingId).Select(g => g.First().Sending with { Requests = [.. g.Select(r => r.Request)] })];
    }

    private static DoubtfulSending ReadSending(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.IsDBNull(1) ? null : r.GetGuid(1), r.GetString(2), r.GetBoolean(3), r.GetString(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), []);

    private static DoubtfulRequest ReadRequest(NpgsqlDataReader r) => new(
        r.GetInt32(9), r.GetString(10), r.GetFieldValue<DateTimeOffset>(11), r.GetInt32(12), r.GetInt32(13), r.GetFieldValue<DateTimeOffset>(14), r.GetBoolean(15),
        [.. r.GetFieldValue<string[]>(16).Select(PhoneNumbers.Mask)]);
}
