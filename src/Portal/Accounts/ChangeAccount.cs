using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>
/// Changes how an account sends. Its base address and kind stay what its key pair was proven for: another address is another
/// account.
/// </summary>
public sealed class ChangeAccount(PortalDbFactory dbs, LiveFeed live, TimeProvider clock)
{
    public async Task<Result<Guid>> RunAsync(Member member, Guid accountId, AccountSettings input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        var settings = input.Clean();
        List<Problem> problems = [.. settings.Check()];
        if (problems.Count > 0)
            return problems;

        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.LockAsync(accountId, ct) is not { } account)
            return new Problem("", "account_gone");
        foreach (var (name, before, after) in Differences(AccountSettings.Of(account), settings))
            db.Add(member.Did(AuditActions.AccountChanged, accountId, clock.GetUtcNow(), name, before, after));
        settings.ApplyTo(account);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new Problem("Label", "label_taken", settings.Label);
        }
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, accountId);
        return accountId;
    }

    private static IEnumerable<(string Name, string Before, string After)> Differences(AccountSettings before, AccountSettings after)
    {
        (string Name, object? Before, object? After)[] all =
        [
            ("label", before.Label, after.Label),
            ("rate", before.Rate, after.Rate),
            ("concurrency", before.Concurrency, after.Concurrency),
            ("batch_size", before.BatchSize, after.BatchSize),
            ("sender_id", before.SenderId, after.SenderId),
            ("template_id", before.TemplateId, after.TemplateId),
            ("sign_name", before.SignName, after.SignName),
        ];
        return all.Where(d => !Equals(d.Before, d.After)).Select(d => (d.Name, Text(d.Before), Text(d.After)));
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
