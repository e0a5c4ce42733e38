namespace Portal.Campaigns;

/// <summary>
/// Calls <see cref="StartCampaign"/> at a time. A courtesy for punctuality: the campaign's row is the truth, and the sweep
/// starts what nobody woke. A deployment replaces it.
/// </summary>
public interface ICampaignWaker
{
    /// <summary>Enqueues the wake-up. It may come early or twice.</summary>
    /// <returns>The job's id, at most 40 characters; null when nothing was enqueued.</returns>
    Task<string?> ScheduleAsync(Guid tenantId, Guid campaignId, DateTimeOffset dueAt, CancellationToken ct);

    /// <summary>Takes a wake-up back.</summary>
    Task ForgetAsync(string job, CancellationToken ct);
}

/// <summary>Wakes nobody: every campaign is started by the sweep.</summary>
public sealed class SweepOnly : ICampaignWaker
{
    public Task<string?> ScheduleAsync(Guid tenantId, Guid campaignId, DateTimeOffset dueAt, CancellationToken ct) => Task.FromResult<string?>(null);

    public Task ForgetAsync(string job, CancellationToken ct) => Task.CompletedTask;
}
