using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Tenants;

namespace Portal.Accounts;

/// <param name="BaseAddress">Scheme, host and path prefix of the provider's API, without <c>/outauth/…</c>.</param>
public sealed record AddAccountInput(AccountSettings Settings, string BaseAddress, AccountKind Kind, TypedKeyPair KeyPair);

/// <summary>
/// Adds an account once its key pair was tried. With a wrong pair or an address that does not answer nothing is saved; where
/// the provider knows the account but does not let us in yet (201 to 204), it is saved, stopped, with the remedy on its page.
/// </summary>
public sealed class AddAccount(PortalDbFactory dbs, AccountKeys keys, ProveKeyPair prove, IOptions<ProviderOptions> options, TimeProvider clock)
{
    private const int Version = 1;

    /// <returns>The account's id.</returns>
    public async Task<Result<Guid>> RunAsync(Member member, AddAccountInput input, CancellationToken ct)
    {
        member.Demand(MemberRole.Manager);
        var settings = input.Settings.Clean();
        List<Problem> problems = [.. settings.Check()];
        var address = BaseAddresses.Read(input.BaseAddress, options.Value, problems);
        problems.AddRange(input.KeyPair.Check());
        if (await IsTakenAsync(member, settings.Label, ct))
            problems.Add(Taken(settings));
        if (problems.Count > 0 || address is null)
            return problems;

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        using var pair = input.KeyPair.ToKeyPair();
        var proof = await prove.AskAsync(id, address, input.Kind, pair, ct);
        if (proof.Refusal is { } refusal)
            return refusal;

        var account = New(member, id, address, input.Kind, settings, now);
        var secret = await keys.SealAsync(member.TenantId, id, Version, address, pair, ct);
        return await SaveAsync(member, account, KeyOf(member, id, input.KeyPair, now), secret, proof, ct) ? id : Taken(settings);
    }

    private async Task<bool> SaveAsync(Member member, Account account, AccountKey key, AccountSecret secret, Proof proof, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.AddRange(account, key, secret, member.Did(AuditActions.AccountAdded, account.Id, account.CreatedAt, account.Label));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
        await ProveKeyPair.RecordAsync(db, account, key, proof, member, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task<bool> IsTakenAsync(Member member, string label, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        return await db.Set<Account>().AnyAsync(a => a.Label == label, ct);
    }

    private static Account New(Member member, Guid id, Uri address, AccountKind kind, AccountSettings settings, DateTimeOffset now)
    {
        var account = new Account
        {
            TenantId = member.TenantId,
            Id = id,
            Label = settings.Label,
            BaseAddress = address.AbsoluteUri.TrimEnd('/'),
            Kind = kind,
            State = AccountState.Stopped,
            StoppedCode = AccountStates.Unproven,
            CreatedAt = now,
        };
        settings.ApplyTo(account);
        return account;
    }

    private static AccountKey KeyOf(Member member, Guid id, TypedKeyPair typed, DateTimeOffset now) => new()
    {
        TenantId = member.TenantId,
        AccountId = id,
        Version = Version,
        ApiKeyLast4 = typed.Last4,
        SetBy = member.UserId,
        SetByName = member.Name,
        SetAt = now,
    };

    private static Problem Taken(AccountSettings settings) => new("Label", "label_taken", settings.Label);
}
