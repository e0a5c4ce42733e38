using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>A schedule in the list.</summary>
/// <param name="NextDueAt">None unless active.</param>
/// <param name="Runs">Campaigns that it has made.</param>
public sealed record ScheduleLine(
    Guid Id, string Name, ScheduleState State, Recurrence Rule, string TimeZone, string? AccountLabel, DateTimeOffset? NextDueAt, long Runs, string CreatedByName);

/// <summary>A tenant's schedules (role Viewer): the active ones by their next run, then the others, the newest first.</summary>
public sealed class ScheduleList(Databases databases)
{
    private const string Sql = """
        select s.id, s.name, s.state, s.rule, s.time_zone, a.label, s.next_due_at,
               (select count(*) from app.campaigns c where c.tenant_id = $1 and c.schedule_id = s.id), s.created_by_name
        from app.schedules s left join app.accounts a on a.tenant_id = $1 and a.id = s.account_id
        where s.tenant_id = $1
        order by s.next_due_at nulls last, s.state = 'ended', s.created_at desc limit 500
        """;

    public async Task<IReadOnlyList<ScheduleLine>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return await connection.QueryAsync(Read, Sql, [member.TenantId], ct);
    }

    private static ScheduleLine Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), Words.Read<ScheduleState>(row.GetString(2)), RecurrenceText.Read(row.GetString(3)).Value, row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), row.GetInt64(7), row.GetString(8));
}
