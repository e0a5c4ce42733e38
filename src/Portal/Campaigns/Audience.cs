using System.Globalization;
using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Dispatch;
using Portal.Templates;

namespace Portal.Campaigns;

/// <summary>
/// Walks over the people of some lists as preparing will: each once, without those whom a rule keeps out, with the text filled
/// in for each. One row at a time, so that memory does not grow with the audience.
/// </summary>
internal sealed class Audience(Databases databases)
{
    private const string Joined = """
        from (select distinct contact_id from app.list_members where tenant_id = $1 and list_id = any ($2)) m
        join app.contacts c on c.tenant_id = $1 and c.id = m.contact_id
        left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
        left join capped f on f.number = c.number
        """;

    private static readonly Dictionary<string, string> _noFields = [];

    private static readonly string _with = $"with capped as materialized ({SkipRules.Capped("")})";

    private const string Reason = SkipRules.ReasonAndCap;

    // As app.quiet_people has it: whose country nobody looked up is under the rules of all countries that share the calling code.
    private const string CountryOfCode = """
        (select case when count(*) = 1 then min(k.country) else '+' || k.calling_code end
         from infra.countries k where starts_with(p.prefix, k.calling_code) group by k.calling_code order by length(k.calling_code) limit 1)
        """;

    public async Task<AudienceMeasure> MeasureAsync(TenantScope scope, Guid[] listIds, TemplateText? text, int batchSize, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
        var listed = (await connection.QueryAsync(
            r => r.GetInt64(0), "select count(*) from app.list_members where tenant_id = $1 and list_id = any ($2)", [scope.TenantId, listIds], ct))[0];
        var groups = await connection.QueryAsync(
            r => new AudienceGroup(r.IsDBNull(0) ? null : Words.Read<SkipReason>(r.GetString(0)), r.IsDBNull(1) ? null : r.GetString(1), r.GetInt64(2)),
            $"""
            {_with}, people as (
                select {Reason} as reason, c.country, case when c.country is null then left(c.number, 3) end as prefix, count(*) as people {Joined} group by 1, 2, 3)
            select p.reason, coalesce(p.country, case when p.reason is null then {CountryOfCode} end), sum(p.people)::bigint from people p group by 1, 2
            """, [scope.TenantId, listIds], ct);
        var measure = new AudienceMeasure(listed, groups, batchSize);
        if (text is null)
            return measure;
        if (text.Fields.Count == 0)
            measure.AddAll(text.Render(_noFields).Text!);
        else
            await WalkAsync(connection, scope, listIds, text, measure, ct);
        return measure;
    }

    /// <summary>Those of the audience who are put off, because it is quiet where they are at that time.</summary>
    /// <param name="lastAt">Whoever is put off past this gets nothing.</param>
    public async Task<IReadOnlyList<QuietMove>> QuietAsync(TenantScope scope, IEnumerable<AudienceGroup> reached, DateTimeOffset at, DateTimeOffset? lastAt, CancellationToken ct)
    {
        var people = reached.Where(g => g.Country is not null).ToDictionary(g => g.Country!, g => g.People, StringComparer.Ordinal);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
        return await connection.QueryAsync(
            r => new QuietMove(r.GetString(0), people[r.GetString(0)], r.GetFieldValue<DateTimeOffset>(1), r.GetBoolean(2), r.GetBoolean(3)), """
            select country, until, until >= $3 + interval '14 days', coalesce(until > $4, false)
            from unnest($2::text[]) country cross join lateral (select app.quiet_until($1, country, $3) as until) q
            where until is not null order by until, country
            """, [scope.TenantId, people.Keys.ToArray(), at.ToUniversalTime(), (lastAt ?? DateTimeOffset.MaxValue).ToUniversalTime()], ct);
    }

    private static async Task WalkAsync(NpgsqlConnection connection, TenantScope scope, Guid[] listIds, TemplateText text, AudienceMeasure measure, CancellationToken ct)
    {
        await using var command = connection.Command(Everybody(text.Fields.Count), [scope.TenantId, listIds, .. text.Fields]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            if (!await reader.IsDBNullAsync(0, ct))
                continue;
            fields.Clear();
            for (var i = 0; i < text.Fields.Count; i++)
            {
                if (!await reader.IsDBNullAsync(i + 1, ct))
                    fields[text.Fields[i]] = reader.GetString(i + 1);
            }
            measure.Add(text.Render(fields));
        }
    }

    // The same values give the same text: sorted by them, a change of text is a new batch.
    private static string Everybody(int fields)
    {
        var values = Enumerable.Range(0, fields).Select(i => string.Create(CultureInfo.InvariantCulture, $"c.fields ->> ${i + 3}")).ToArray();
        return $"""
            {_with}
            select {Reason}, {string.Join(", ", values)} {Joined}
            order by {string.Join(", ", values.Select(v => $"({v}) collate \"C\""))}
            """;
    }
}

/// <summary>People of an audience who are dealt with alike.</summary>
/// <param name="Reason">Why a rule keeps them out; null: none does.</param>
/// <param name="Country">
/// Two letters; null for none that is known. Of those whom no rule keeps out also + and a calling code: nobody looked up which of its countries.
/// </param>
internal sealed record AudienceGroup(SkipReason? Reason, string? Country, long People);
