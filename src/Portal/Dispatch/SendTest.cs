using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>A real message to one's own number: a sending of one, through the same gates as a campaign. It is billed.</summary>
public sealed class SendTest(PortalDbFactory dbs, PrepareSending prepare, TimeProvider clock)
{
    private const int LongestText = 1000;

    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, string number, string text, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var parsed = PhoneNumbers.Parse(number, null);
        var problems = new List<Problem>();
        if (parsed.Number is null)
            problems.Add(new Problem("Number", "number_" + Words.Of(parsed.Problem)));
        if (string.IsNullOrWhiteSpace(text))
            problems.Add(new Problem("Text", "text_empty"));
        else if (text.Length > LongestText)
            problems.Add(new Problem("Text", "text_too_long", LongestText));
        if (problems.Count > 0)
            return problems;

        await using var db = dbs.Create(member.Scope);
        var account = await db.FindAsync<Account>([member.TenantId, accountId], ct);
        if (account is null || account.State == AccountState.Disabled)
            return new Problem("", "account_not_usable");
        var now = clock.GetUtcNow();
        var sending = Sending.ToOne(member.TenantId, accountId, text, parsed.Number!, now);
        db.AddRange(sending, new SendingCounts { TenantId = member.TenantId, SendingId = sending.Id },
            new AuditEntry { TenantId = member.TenantId, At = now, ActorId = member.UserId, SubjectId = accountId, Action = AuditActions.TestSent });
        await db.SaveChangesAsync(ct);
        await prepare.RunAsync(member.Scope, sending.Id, ct);
        return sending.Id;
    }
}
