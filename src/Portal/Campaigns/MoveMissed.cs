using Portal.Audit;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="PlannedAt">Wall clock in the campaign's zone.</param>
public sealed record MoveMissedInput(Guid CampaignId, DateTime PlannedAt);

/// <summary>
/// Plans a missed campaign for another time (role Sender); it may be late again by as much as before. Problems as
/// <see cref="SendMissed"/>, and at <c>PlannedAt</c> as <see cref="PlannedTime.Read"/>.
/// </summary>
public sealed class MoveMissed
{
    private readonly MissedDecision _decision;

    internal MoveMissed(MissedDecision decision) => _decision = decision;

    /// <returns>When it starts.</returns>
    public Task<Result<DateTimeOffset>> RunAsync(Member member, MoveMissedInput input, CancellationToken ct) =>
        _decision.RunAsync(member, input.CampaignId, AuditActions.CampaignMoved, (campaign, now) =>
        {
            var wall = DateTime.SpecifyKind(input.PlannedAt, DateTimeKind.Unspecified);
            var read = PlannedTime.Read(wall, campaign.TimeZone, now);
            return read.Ok ? ((DateTime, DateTimeOffset)?)(wall, read.Value.At) : read.Problems.ToList();
        }, ct);
}
