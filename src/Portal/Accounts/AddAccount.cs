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
        member.DemandConfirmed(MemberRole.Manager);
        var problems = await CheckAsync(member, input, ct);
        if (problems.Count > 0)
            return problems;

        var account = New(member, input);
        using var pair = input.KeyPair.ToKeyPair();
        var proof = await prove.AskAsync(account.Id, new Uri(account.BaseAddress), input.Kind, pair, ct);
        if (proof.Refusal is { } refusal)
            return refusal;
        return await SaveAsync(member, account, input.KeyPair, pair, proof, ct);
    }

    /// <summary>What is wrong with what was typed, all of it at once.</summary>
    internal async Task<List<Problem>> CheckAsync(Member member, AddAccountInput input, CancellationToken ct)
    {
        var settings = input.Settings.Clean();
        List<Problem> problems = [.. settings.Check()];
        if (BaseAddresses.Read(input.BaseAddress, options.Value, problems) is { } address && await RefusesAsync(member, address, ct))
            problems.Add(new Problem("BaseAddress", "address_host", address.Host));
        problems.AddRange(input.KeyPair.Check());
        if (await IsTakenAsync(member, settings.Label, ct))
            problems.Add(Taken(settings.Label));
        return problems;
    }

    /// <summary>Saves the account and its pair without a call, unproven: a message is to prove the pair. The input was checked.</summary>
    internal async Task<Result<Guid>> UnprovenAsync(Member member, AddAccountInput input, CancellationToken ct)
    {
        using var pair = input.KeyPair.ToKeyPair();
        return await SaveAsync(member, New(member, input), input.KeyPair, pair, proof: null, ct);
    }

    private async Task<Result<Guid>> SaveAsync(Member member, Account account, TypedKeyPair typed, KeyPair pair, Proof? proof, CancellationToken ct)
    {
        var key = KeyOf(member, account, typed);
        var secret = await keys.SealAsync(member.TenantId, account.Id, Version, new Uri(account.BaseAddress), pair, ct);
        await using var db = dbs.Create(member.Scope);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.AddRange(account, key, secret, member.Did(AuditActions.AccountAdded, account.Id, account.CreatedAt, account.Label));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return Taken(account.Label);
        }
        if (proof is not null)
        {
            await ProveKeyPair.RecordAsync(db, account, key, proof, member.UserId, ct);
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return account.Id;
    }

    private async Task<bool> IsTakenAsync(Member member, string label, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        return await db.Set<Account>().AnyAsync(a => a.Label == label, ct);
    }

    private async Task<bool> RefusesAsync(Member member, Uri address, CancellationToken ct)
    {
        await using var db = dbs.Create(member.Scope);
        var hosts = await db.Set<OperatorBounds>().Select(b => b.Hosts).SingleOrDefaultAsync(ct);
        return hosts is not null && !hosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase);
    }

    private Account New(Member member, AddAccountInput input)
    {
        var (settings, now) = (input.Settings.Clean(), clock.GetUtcNow());
        var account = new Account
        {
            TenantId = member.TenantId,
            Id = Guid.CreateVersion7(now),
            Label = settings.Label,
            BaseAddress = BaseAddresses.Read(input.BaseAddress, options.Value, [])!.AbsoluteUri.TrimEnd('/'),
            Kind = input.Kind,
            State = AccountState.Stopped,
            StoppedCode = AccountStates.Unproven,
            CreatedAt = now,
        };
        settings.ApplyTo(account);
        return account;
    }

    private static AccountKey KeyOf(Member member, Account account, TypedKeyPair typed) => new()
    {
        TenantId = member.TenantId,
        AccountId = account.Id,
        Version = Version,
        ApiKeyLast4 = typed.Last4,
        SetBy = member.UserId,
        SetByName = member.Name,
        SetAt = account.CreatedAt,
    };

    private static Problem Taken(string label) => new("Label", "label_taken", label);
}
