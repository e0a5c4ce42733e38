using System.Globalization;
using Portal.Audit;
using Portal.Data;

namespace Portal.Tenants;

/// <param name="ApprovalAbove">0 or more; null: no approval.</param>
/// <param name="FrequencyMost">1 to 100; null: no cap.</param>
/// <param name="FrequencyDays">1 to 90; null with no cap.</param>
public sealed record SendingRulesInput(int? ApprovalAbove, int? FrequencyMost, int? FrequencyDays);

/// <summary>
/// Sets when a second person must approve, and how often one number is written to (role Manager). Problems: <c>out_of_range</c>
/// at each field; <c>frequency_kept</c> when messages go earlier; <c>frequency_half</c> at <c>FrequencyDays</c> when one of the two is missing.
/// </summary>
public sealed class ChangeSendingRules(PortalDbFactory dbs, TimeProvider clock)
{
    private const int MostApproval = 10_000_000;
    private const int MostCampaigns = 100;
    private const int MostDays = 90;

    public async Task<Result<Guid>> RunAsync(Member member, SendingRulesInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        List<Problem> problems = [.. Check(input)];
        if (problems.Count > 0)
            return problems;
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await db.LockSettingsAsync(ct);
        if (input.FrequencyDays > settings.KeepMessagesDays)
            return new Problem("FrequencyDays", "frequency_kept", settings.KeepMessagesDays!);
        (string Name, int? Before, int? After)[] all =
        [
            ("approval_above", settings.ApprovalAbove, input.ApprovalAbove),
            ("frequency_most", settings.FrequencyMost, input.FrequencyMost),
            ("frequency_days", settings.FrequencyDays, input.FrequencyDays),
        ];
        foreach (var (name, before, after) in all.Where(r => r.Before != r.After))
            db.Add(member.Changed(AuditActions.SendingRulesChanged, clock.GetUtcNow(), name, Text(before), Text(after)));
        (settings.ApprovalAbove, settings.FrequencyMost, settings.FrequencyDays) = (input.ApprovalAbove, input.FrequencyMost, input.FrequencyDays);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }

    private static IEnumerable<Problem> Check(SendingRulesInput input)
    {
        if (input.ApprovalAbove is < 0 or > MostApproval)
            yield return new Problem("ApprovalAbove", "out_of_range", 0, MostApproval);
        if (input.FrequencyMost is < 1 or > MostCampaigns)
            yield return new Problem("FrequencyMost", "out_of_range", 1, MostCampaigns);
        if (input.FrequencyDays is < 1 or > MostDays)
            yield return new Problem("FrequencyDays", "out_of_range", 1, MostDays);
        if (input.FrequencyMost is null != input.FrequencyDays is null)
            yield return new Problem("FrequencyDays", "frequency_half");
    }

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
