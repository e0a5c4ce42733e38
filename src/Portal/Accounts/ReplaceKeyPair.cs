using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Live;
using Portal.Tenants;

namespace Portal.Accounts;

/// <summary>
/// Sets a further key pair and tries it. Once proven it signs; the older one stays, so that receipts which still carry its
/// apikey find the account. A wrong pair is not saved.
/// </summary>
public sealed class ReplaceKeyPair(PortalDbFactory dbs, AccountKeys keys, ProveKeyPair prove, AllowedHosts hosts, LiveFeed live, TimeProvider clock)
{
    /// <returns>What the provider said of the new pair.</returns>
    public async Task<Result<CheckOutcome>> RunAsync(Member member, Guid accountId, TypedKeyPair typed, CancellationToken ct)
    {
        member.DemandConfirmed(MemberRole.Manager);
        var problems = typed.Check();
        if (problems.Count > 0)
            return problems;
        if (await FindAsync(member, accountId, ct) is not { } found)
            return new Problem("", "account_gone");

        using var pair = typed.ToKeyPair();
        var address = new Uri(found.BaseAddress);
        if (!await hosts.IsAllowedAsync(member.Scope, address, ct))
            return new Problem("", "host_not_allowed_now");
        var proof = await prove.AskAsync(accountId, address, found.Kind, pair, ct);
        if (proof.Refusal is { } refusal)
            // the dialog has no other fields than the pair's
            return refusal.Field is "ApiKey" or "Secret" ? refusal : refusal with { Field = "" };

        var secret = await keys.SealAsync(member.TenantId, accountId, found.Version + 1, address, pair, ct);
        return await SaveAsync(member, KeyOf(member, secret, typed), secret, found.BaseAddress, proof, ct)
            ? new CheckOutcome(proof.Code, proof.Passed, proof.Answer.ClockOffset, proof.MissingAddress)
            : new Problem("", "changed_meanwhile");
    }

    private async Task<bool> SaveAsync(Member member, AccountKey key, AccountSecret secret, string baseAddress, Proof proof, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await db.LockAsync(key.AccountId, ct);
        if (account is null || account.BaseAddress != baseAddress)
            return false;
        db.AddRange(key, secret, member.Did(AuditActions.KeyPairSet, key.AccountId, key.SetAt, key.Version.ToString(CultureInfo.InvariantCulture)));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
        await ProveKeyPair.RecordAsync(db, account, key, proof, member.UserId, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(member.TenantId, account.Id);
        return true;
    }

    private AccountKey KeyOf(Member member, AccountSecret secret, TypedKeyPair typed) => new()
    {
        TenantId = member.TenantId,
        AccountId = secret.AccountId,
        Version = secret.Version,
        ApiKeyLast4 = typed.Last4,
        SetBy = member.UserId,
        SetByName = member.Name,
        SetAt = clock.GetUtcNow(),
    };

    private async Task<Found?> FindAsync(Member member, Guid accountId, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        return await db.Set<Account>().Where(a => a.Id == accountId)
            .Select(a => new Found(a.BaseAddress, a.Kind, db.Set<AccountKey>().Where(k => k.AccountId == a.Id).Max(k => (int?)k.Version) ?? 0))
            .SingleOrDefaultAsync(ct);
    }

    private sealed record Found(string BaseAddress, AccountKind Kind, int Version);
}
