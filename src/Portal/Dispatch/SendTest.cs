using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Audit;
using Portal.Contacts;
using Portal.Data;
using Portal.Sms.Numbers;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <summary>
/// A real message to one's own number: a sending of one, through the same gates and rules as a campaign. It is billed. Sent from an
/// account with no proven pair, it proves the newest one.
/// </summary>
public sealed class SendTest(PortalDbFactory dbs, Databases databases, PrepareSending prepare, TimeProvider clock)
{
    private const int LongestText = 1000;

    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, string number, string text, CancellationToken ct)
    {
        member.Demand(MemberRole.Sender);
        var problems = await CheckAsync(member, number, text, ct);
        if (problems.Count > 0)
            return problems;

        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked: of two tests at once only one proves.
        var account = await db.LockAsync(accountId, ct);
        if (await RefusalAsync(db, member, account, ct) is { } refusal)
            return refusal;
        var now = clock.GetUtcNow();
        var sending = Sending.ToOne(member.TenantId, accountId, text, PhoneNumbers.Parse(number, null).Number!, now, await ToProveAsync(db, account!, ct));
        db.AddRange(sending, new SendingCounts { TenantId = member.TenantId, SendingId = sending.Id },
            new AuditEntry { TenantId = member.TenantId, At = now, ActorId = member.UserId, SubjectId = accountId, Action = AuditActions.TestSent });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        await prepare.RunAsync(member.Scope, sending.Id, ct);
        return sending.Id;
    }

    /// <summary>What is wrong with number and text.</summary>
    internal async Task<List<Problem>> CheckAsync(Member member, string number, string text, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var parsed = PhoneNumbers.Parse(number, null);
        if (parsed.Number is null)
            problems.Add(new Problem("Number", "number_" + Words.Of(parsed.Problem)));
        else if (await KeptOutAsync(member.Scope, parsed.Number, parsed.Region, ct) is { } reason)
            problems.Add(new Problem("Number", "number_" + reason));
        if (string.IsNullOrWhiteSpace(text))
            problems.Add(new Problem("Text", "text_empty"));
        else if (text.Length > LongestText)
            problems.Add(new Problem("Text", "text_too_long", LongestText));
        return problems;
    }

    private static async Task<Problem?> RefusalAsync(PortalDb db, Member member, Account? account, CancellationToken ct)
    {
        if (account is null || account.State == AccountState.Disabled)
            return new Problem("", "account_not_usable");
        if (account.State == AccountState.Active)
            return null;
        if (account.StoppedCode != AccountStates.Unproven)
            return new Problem("", "account_stopped");
        member.Demand(MemberRole.Manager);
        return await TestUnderWay.FindAsync(db, account.Id, ct) is null ? null : new Problem("", "test_under_way");
    }

    private static async Task<int?> ToProveAsync(PortalDb db, Account account, CancellationToken ct) =>
        account.State == AccountState.Active ? null : await db.Set<AccountKey>().Where(k => k.AccountId == account.Id).MaxAsync(k => k.Version, ct);

    private async Task<string?> KeptOutAsync(TenantScope scope, string number, string? country, CancellationToken ct) =>
        await databases.OnceAsync<string?>(DatabaseRole.App, scope, ct, $"""
            select {SkipRules.Reason} from (select $2::text as number, $3::text as country) c
            left join app.suppressions s on s.tenant_id = $1 and s.number = c.number
            """, scope.TenantId, number, country);
}
