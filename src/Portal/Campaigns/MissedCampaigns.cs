using Npgsql;
using Portal.Contacts;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>Campaigns that could not start and wait for an answer, the oldest first (role Viewer).</summary>
public sealed class MissedCampaigns(Databases databases)
{
    private const string Sql = """
        select id, name, due_at, time_zone, missed_why from app.campaigns
        where tenant_id = $1 and state = 'scheduled' and missed_at is not null order by due_at limit 100
        """;

    public async Task<IReadOnlyList<MissedCampaign>> RunAsync(Member member, CancellationToken ct)
    {
        member.Demand(MemberRole.Viewer);
        await using var connection = await databases.OpenAsync(DatabaseRole.App, member.Scope, ct);
        return await ReadAsync(connection, member.TenantId, ct);
    }

    internal static async Task<IReadOnlyList<MissedCampaign>> ReadAsync(NpgsqlConnection connection, Guid tenantId, CancellationToken ct) =>
        await connection.QueryAsync(
            r => new MissedCampaign(r.GetGuid(0), r.GetString(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3), r.IsDBNull(4) ? StartObstacle.TooLate : r.GetString(4)),
            Sql, [tenantId], ct);
}
