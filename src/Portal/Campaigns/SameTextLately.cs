using Portal.Contacts;
using Portal.Data;

namespace Portal.Campaigns;

/// <summary>Finds campaigns that told mostly the same people the same text within a week.</summary>
internal sealed class SameTextLately(Databases databases)
{
    // Two thirds of the people at hand: fewer is an overlap of lists, not a second send.
    private const string Overlapping = """
        with audience as (
            select distinct c.number
            from app.list_members m join app.contacts c on c.tenant_id = $1 and c.id = m.contact_id
            where m.tenant_id = $1 and m.list_id = any ($2)),
        earlier as (
            select p.name, p.started_at, s.month, s.id
            from app.campaigns p join app.sendings s on s.tenant_id = $1 and s.id = p.sending_id
            where p.tenant_id = $1 and p.id <> $3 and s.text = $4 and s.created_at > clock_timestamp() - interval '7 days'
            order by s.created_at desc limit 5)
        select e.name, e.started_at, o.people
        from earlier e cross join lateral (
            select count(*) people from audience a
            join app.messages m on m.tenant_id = $1 and m.month = e.month and m.sending_id = e.id and m.number = a.number) o
        where o.people > 0 and o.people * 3 >= 2 * (select count(*) from audience)
        order by e.started_at desc limit 1
        """;

    public async Task<EarlierCampaign?> FindAsync(TenantScope scope, Guid campaignId, Guid[] listIds, string text, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
        var found = await connection.QueryAsync(
            r => new EarlierCampaign(r.GetString(0), r.GetFieldValue<DateTimeOffset>(1), r.GetInt64(2)), Overlapping, [scope.TenantId, listIds, campaignId, text], ct);
        return found.Count > 0 ? found[0] : null;
    }
}

/// <summary>A campaign of the last seven days with the same text.</summary>
/// <param name="People">How many of the people at hand it was prepared for.</param>
public sealed record EarlierCampaign(string Name, DateTimeOffset StartedAt, long People);
