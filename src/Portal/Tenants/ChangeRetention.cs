using System.Globalization;
using Portal.Audit;
using Portal.Data;

namespace Portal.Tenants;

/// <param name="MessagesDays">7 to 3650 after a sending ended; null: for good.</param>
/// <param name="ReceiptsDays">The same; not longer than messages.</param>
/// <param name="ContactsDays">30 to 3650 since a contact was added or last written to; not longer than messages, by which that is known.</param>
public sealed record RetentionInput(int? MessagesDays, int? ReceiptsDays, int? ContactsDays);

/// <summary>
/// Says how long messages, receipts and contacts are kept (role Owner, confirmed: what is cleared is gone). Counts from the next hour
/// on. Problems at the fields: <c>out_of_range</c>; <c>longer_than_messages</c> at <c>ReceiptsDays</c> and <c>ContactsDays</c>;
/// <c>shorter_than_frequency</c> at <c>MessagesDays</c>.
/// </summary>
public sealed class ChangeRetention(PortalDbFactory dbs, TimeProvider clock)
{
    public const int LeastDays = 7;
    public const int LeastContactDays = 30;
    public const int MostDays = 3650;

    public async Task<Result<Guid>> RunAsync(Member member, RetentionInput input, CancellationToken ct)
    {
        member.DemandConfirmed(MemberRole.Owner);
        List<Problem> problems = [.. Check(input)];
        if (problems.Count > 0)
            return problems;
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await db.LockSettingsAsync(ct);
        // The cap counts messages: it must find them.
        if (input.MessagesDays < settings.FrequencyDays)
            return new Problem("MessagesDays", "shorter_than_frequency", settings.FrequencyDays!);
        (string Name, int? Before, int? After)[] all =
        [
            ("messages", settings.KeepMessagesDays, input.MessagesDays),
            ("receipts", settings.KeepReceiptsDays, input.ReceiptsDays),
            ("contacts", settings.KeepContactsDays, input.ContactsDays),
        ];
        foreach (var (name, before, after) in all.Where(r => r.Before != r.After))
            db.Add(member.Changed(AuditActions.RetentionChanged, clock.GetUtcNow(), name, Text(before), Text(after)));
        (settings.KeepMessagesDays, settings.KeepReceiptsDays, settings.KeepContactsDays) = (input.MessagesDays, input.ReceiptsDays, input.ContactsDays);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return member.TenantId;
    }

    private static IEnumerable<Problem> Check(RetentionInput input)
    {
        if (input.MessagesDays is < LeastDays or > MostDays)
            yield return new Problem("MessagesDays", "out_of_range", LeastDays, MostDays);
        if (input.ReceiptsDays is < LeastDays or > MostDays)
            yield return new Problem("ReceiptsDays", "out_of_range", LeastDays, MostDays);
        else if (input.ReceiptsDays > input.MessagesDays)
            yield return new Problem("ReceiptsDays", "longer_than_messages");
        if (input.ContactsDays is < LeastContactDays or > MostDays)
            yield return new Problem("ContactsDays", "out_of_range", LeastContactDays, MostDays);
        else if (input.ContactsDays > input.MessagesDays)
            yield return new Problem("ContactsDays", "longer_than_messages");
    }

    private static string Text(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
