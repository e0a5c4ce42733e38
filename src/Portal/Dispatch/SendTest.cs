using Portal.Accounts;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>A real message to one's own number: a sending of one, through the same gates and rules as a campaign. It is billed.</summary>
public sealed class SendTest(PortalDbFactory dbs, Databases databases, PrepareSending prepare, TimeProvider clock)
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

        if (await KeptOutAsync(member.Scope, parsed.Number!, parsed.Region, ct) is { } reason)
            return new Problem("Number", "number_" + reason);
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

    private async Task<string?> KeptOutAsync(TenantScope scope, string number, string? country, CancellationToken ct)
    {
        await using var connection = await databases.OpenAsync(DatabaseRole.App, scope, ct);
        return await connection.ScalarAsync<string>(ct, $"""
            select {SkipRules.Reason} from (select $2::text as number, $3::text as country) c
            left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
            """, scope.TenantId, number, country);
    }
}
