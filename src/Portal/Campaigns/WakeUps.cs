using Microsoft.Extensions.Logging;
using Portal.Contacts;
using Portal.Data;

namespace Portal.Campaigns;

/// <summary>Orders and takes back wake-ups. Nothing here can fail a use case: the sweep is there.</summary>
internal sealed class WakeUps(ICampaignWaker waker, Databases databases, ILogger<WakeUps> log)
{
    public async Task OrderAsync(TenantScope scope, Guid campaignId, DateTimeOffset dueAt, CancellationToken ct)
    {
        try
        {
            var job = await waker.ScheduleAsync(scope.TenantId, campaignId, dueAt, ct);
            if (job is null)
                return;
            await using var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
            // Undone and scheduled anew meanwhile: that schedule's own job belongs into the row.
            await connection.ExecuteAsync(
                "update app.campaigns set wake_job = $3 where tenant_id = $1 and id = $2 and due_at = $4", [scope.TenantId, campaignId, job, dueAt], ct);
        }
        catch (Exception e)
        {
            CampaignLog.NotWoken(log, campaignId, e);
        }
    }

    public async Task ForgetAsync(Guid campaignId, string? job, CancellationToken ct)
    {
        if (job is null)
            return;
        try
        {
            await waker.ForgetAsync(job, ct);
        }
        catch (Exception e)
        {
            CampaignLog.NotForgotten(log, campaignId, e);
        }
    }
}
