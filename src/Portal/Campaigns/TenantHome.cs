using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Receipts;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Reads a tenant's first page (role Viewer).</summary>
public sealed class TenantHome(Databases databases)
{
    private const string Going = $"""
        select {CampaignList.Line}, c.account_id, c.sending_id, a.rate, s.finished_at
        {CampaignList.Joined}
        where c.tenant_id = $1 and c.state = 'started'
          and (s.state in ('preparing', 'running', 'paused', 'stopped') or s.finished_at > clock_timestamp() - interval '1 hour' and s.state = 'finished')
        order by s.finished_at nulls first, c.started_at desc limit 5
        """;

    private const string Stopped = """
        select a.id, a.label, a.stopped_code, coalesce(a.stopped_at, a.created_at),
               (select count(*) from app.sendings s where s.tenant_id = $1 and s.account_id = a.id and s.kind = 'campaign' and s.state in ('preparing', 'running'))
        from app.accounts a where a.tenant_id = $1 and a.state = 'stopped' and a.stopped_code not in ('unproven', 'held') order by 4
        """;

    private const string Doubts = """
        select c.id, c.name, k.in_doubt::bigint, d.batches, coalesce(d.why, '')
        from app.sending_counts k
        join app.campaigns c on c.tenant_id = $1 and c.sending_id = k.sending_id
        join lateral (select count(*) batches, mode() within group (order by b.why) why
                      from app.batches b where b.tenant_id = $1 and b.sending_id = k.sending_id and b.state = 'in_doubt') d on true
        where k.tenant_id = $1 and k.in_doubt > 0
        order by c.started_at desc limit 5
        """;

    // A campaign older than a week sends no more today; its attempts need not be looked through.
    private const string Today = """
        with day as (
            select (date_trunc('day', clock_timestamp() at time zone t.time_zone) at time zone t.time_zone) as midnight
            from app.tenant_settings t where t.tenant_id = $1),
        sent as (
            select a.sending_id, sum(coalesce(a.numbers, 0)) people, sum(coalesce(a.segments, 0)) segments
            from app.sendings s
            join app.attempts a on a.tenant_id = $1 and a.sending_id = s.id and a.state = 'accepted' and a.ended_at >= (select midnight from day)
            where s.tenant_id = $1 and s.created_at > clock_timestamp() - interval '7 days'
            group by a.sending_id)
        select coalesce(sum(sent.people), 0)::bigint, coalesce(sum(k.delivered), 0)::bigint,
               coalesce(sum(k.delivered + k.undelivered), 0)::bigint, coalesce(sum(sent.segments), 0)::bigint
        from sent join app.sending_counts k on k.tenant_id = $1 and k.sending_id = sent.sending_id
        """;

    private const string Coming = """
        select n.id, n.name, n.due_at,
               case when cardinality(n.list_ids) > 0 then (
                   select count(distinct m.contact_id) from app.list_members m
                   join app.contacts c on c.tenant_id = $1 and c.id = m.contact_id
                   where m.tenant_id = $1 and m.list_id = any (n.list_ids)
                     and not exists (select from app.suppressions x where x.tenant_id = $1 and x.number = c.number)) end, n.repeats
        from (
            (select id, name, due_at, list_ids, changed_at, false repeats from app.campaigns
             where tenant_id = $1 and state = 'scheduled' and missed_at is null order by due_at limit 5)
            union all
            (select id, name, next_due_at, list_ids, changed_at, true from app.schedules where tenant_id = $1 and state = 'active' order by next_due_at limit 5)
            union all
            (select id, name, null, list_ids, changed_at, false from app.campaigns where tenant_id = $1 and state = 'draft' order by changed_at desc limit 2)) n
        order by n.due_at nulls last, n.changed_at desc
        """;

    public async Task<HomeView> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        object?[] tenant = [member.TenantId];
        return new HomeView(
            await GoingAsync(connection, member, ct),
            await connection.QueryAsync(r => new StoppedAccount(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3), r.GetInt64(4)), Stopped, tenant, ct),
            await connection.QueryAsync(r => new DoubtfulCampaign(r.GetGuid(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetString(4)), Doubts, tenant, ct),
            await MissedCampaigns.ReadAsync(connection, member.TenantId, ct),
            (await connection.QueryAsync(ReadToday, Today, tenant, ct))[0],
            await connection.QueryAsync(
                r => new NextCampaign(r.GetGuid(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetFieldValue<DateTimeOffset>(2), r.IsDBNull(3) ? null : r.GetInt64(3), r.GetBoolean(4)), Coming, tenant, ct))
        {
            Awaiting = await connection.QueryAsync(
                r => new AwaitingCampaign(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3)),
                "select id, name, asked_by_name, asked_at from app.campaigns where tenant_id = $1 and state = 'awaiting_approval' order by asked_at", tenant, ct),
            Silent = await ReceiptSilence.ReadAsync(connection, member.TenantId, accountId: null, ct),
        };
    }

    private static async Task<List<GoingOut>> GoingAsync(NpgsqlConnection connection, Member member, CancellationToken ct)
    {
        var rows = await connection.QueryAsync(
            r => (Line: CampaignList.Read(r), Account: r.GetGuid(17), Sending: r.GetGuid(18), Rate: r.GetInt32(19), FinishedAt: r.IsDBNull(20) ? (DateTimeOffset?)null : r.GetFieldValue<DateTimeOffset>(20)),
            Going, [member.TenantId], ct);
        var going = new List<GoingOut>(rows.Count);
        foreach (var (line, account, sending, rate, finishedAt) in rows)
        {
            var pace = line.Status is CampaignStatus.Running or CampaignStatus.Preparing
                ? await CampaignSpeed.ReadAsync(connection, member.TenantId, sending, account, ct)
                : null;
            going.Add(new(line, rate, pace, finishedAt));
        }
        return going;
    }

    private static TodayFigures ReadToday(NpgsqlDataReader row)
    {
        var (delivered, receipts) = (row.GetInt64(1), row.GetInt64(2));
        return new(row.GetInt64(0), receipts > 0 ? (double)delivered / receipts : null, receipts, row.GetInt64(3));
    }
}
