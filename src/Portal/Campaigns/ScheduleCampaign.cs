using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Campaigns;

/// <param name="Version">Of the draft that was reviewed: nothing else is scheduled.</param>
/// <param name="AcceptSkips">People who lack a field of the text get nothing, and the person has seen that.</param>
public sealed record ScheduleCampaignInput(Guid CampaignId, uint Version, bool AcceptSkips);

/// <param name="DueAt">When it starts: the planned time, or the end of the undo window.</param>
/// <param name="TimeRepeats">The planned time comes twice that day; it is the first.</param>
/// <param name="Awaits">It starts only when a second person has approved it; then <paramref name="DueAt"/> is the earliest time.</param>
public sealed record ScheduledCampaign(DateTimeOffset DueAt, bool TimeRepeats, bool Awaits = false);

/// <summary>
/// Decides that a draft goes out, now or at its planned time (role Sender). To more people than the tenant lets one person
/// decide about, it waits for a second one's approval (<see cref="ApproveCampaign"/>). Refused with problems at <c>Name</c>,
/// <c>ListIds</c>, <c>AccountId</c>, <c>Text</c>, <c>PlannedAt</c>, <c>NotAfter</c>; <c>fields_missing</c> at <c>AcceptSkips</c>;
/// <c>campaign_gone</c>, <c>not_a_draft</c> and <c>changed_elsewhere</c> for the whole form.
/// </summary>
public sealed class ScheduleCampaign
{
    private readonly PortalDbFactory _dbs;
    private readonly CampaignExamination _examination;
    private readonly WakeUps _wakeUps;
    private readonly LiveFeed _live;

    internal ScheduleCampaign(PortalDbFactory dbs, CampaignExamination examination, WakeUps wakeUps, LiveFeed live) =>
        (_dbs, _examination, _wakeUps, _live) = (dbs, examination, wakeUps, live);

    public async Task<Result<ScheduledCampaign>> RunAsync(Member member, ScheduleCampaignInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        if (await _examination.RunAsync(member.Scope, input.CampaignId, ct) is not { } examined)
            return new Problem("", "campaign_gone");
        if (Refuse(examined, input) is { Count: > 0 } problems)
            return problems;

        if (await DecideAsync(member, input, examined, ct) is not { } dueAt)
            return new Problem("", "changed_elsewhere");
        if (!examined.NeedsApproval)
            await _wakeUps.OrderAsync(member.Scope, input.CampaignId, dueAt, ct);
        _live.Publish(member.TenantId, input.CampaignId);
        return new ScheduledCampaign(dueAt, examined.Planned?.Repeats ?? false, examined.NeedsApproval);
    }

    private static List<Problem> Refuse(Examined examined, ScheduleCampaignInput input)
    {
        if (examined.Campaign.State != CampaignState.Draft)
            return [new Problem("", "not_a_draft")];
        // What is to repeat was not reviewed as this.
        if (examined.Version != input.Version || examined.Campaign.Repeat is not null)
            return [new Problem("", "changed_elsewhere")];
        return examined.Refuse(input.AcceptSkips);
    }

    // Whoever wins the update has scheduled it; a second click, another tab, a change in between find nothing to update.
    private async Task<DateTimeOffset?> DecideAsync(Member member, ScheduleCampaignInput input, Examined examined, CancellationToken ct)
    {
        await using var db = _dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (planned, version) = (examined.Planned?.At.ToUniversalTime(), input.Version.ToString(CultureInfo.InvariantCulture));
        var won = await db.Database.ExecuteSqlAsync($"""
            update app.campaigns
            set state = case when {examined.NeedsApproval} then 'awaiting_approval' else 'scheduled' end, approved_by = null, approved_up_to = null,
                asked_by = case when {examined.NeedsApproval} then {member.UserId} end, asked_at = case when {examined.NeedsApproval} then clock_timestamp() end,
                asked_by_name = case when {examined.NeedsApproval} then {CampaignName.Cut(member.Name)} end,
                due_at = greatest({planned}::timestamptz, clock_timestamp() + make_interval(secs => {(double)examined.UndoSeconds})),
                changed_at = clock_timestamp(), missed_at = null, missed_why = null, wake_job = null
            where tenant_id = {member.TenantId} and id = {input.CampaignId} and state = 'draft' and xmin::text = {version}
              and ({planned}::timestamptz is null or {planned}::timestamptz > clock_timestamp())
            """, ct);
        if (won == 0)
            return null;
        var row = await db.Set<Campaign>().AsNoTracking().Where(c => c.Id == input.CampaignId).Select(c => new { c.DueAt, c.ChangedAt }).SingleAsync(ct);
        db.Add(member.Note(
            examined.NeedsApproval ? AuditActions.CampaignApprovalAsked : AuditActions.CampaignScheduled, input.CampaignId, row.ChangedAt, examined.Measure.Messages.ToString(CultureInfo.InvariantCulture),
            row.DueAt!.Value.ToString("O", CultureInfo.InvariantCulture), planned is null ? "now" : "planned"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return row.DueAt;
    }
}
