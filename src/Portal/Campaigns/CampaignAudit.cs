using Portal.Audit;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <summary>
/// Audit entries of campaigns. The first detail
/// of a person's entry is the person's name: names lie where a tenant's role cannot read them.
/// </summary>
internal static class CampaignAudit
{
    public static AuditEntry Note(this Member member, string action, Guid campaignId, DateTimeOffset at, params string[] details) => new()
    {
        TenantId = member.TenantId,
        ActorId = member.UserId,
        SubjectId = campaignId,
        Action = action,
        At = at,
        Details = [member.Name, .. details],
    };

    /// <summary>What the portal did by itself.</summary>
    public static AuditEntry Note(this TenantScope scope, string action, Guid campaignId, DateTimeOffset at, params string[] details) =>
        new() { TenantId = scope.TenantId, SubjectId = campaignId, Action = action, At = at, Details = details };
}
