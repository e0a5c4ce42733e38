using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Audit;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Vault;

namespace Portal.Accounts;

/// <summary>
/// Shows by a signed call that the provider knows a key pair. The call's only number is invalid: nothing is sent and nothing
/// is billed. Asking and recording are apart, because no connection to the database is held while the provider answers.
/// </summary>
public sealed class ProveKeyPair(
    ProviderClient client, Vault.Vault vault, OutgoingAddresses addresses, IOptions<ProviderOptions> options, TimeProvider clock, ILogger<ProveKeyPair> log)
{
    internal async Task<Proof> AskAsync(Guid accountId, Uri baseAddress, AccountKind kind, KeyPair pair, CancellationToken ct)
    {
        var call = kind == AccountKind.Verification ? ProviderCall.Verification : ProviderCall.Marketing;
        using var request = ProviderRequest.BuildProbe(baseAddress, call, pair, clock.GetUtcNow());
        var answer = await client.SendAsync(request, options.Value.RequestTimeout, ct);
        ct.ThrowIfCancellationRequested();
        addresses.Observe(answer);
        return await ReadAsync(accountId, pair, answer, ct);
    }

    /// <summary>What an answer to a call signed with the pair shows, whatever the call was.</summary>
    internal async Task<Proof> ReadAsync(Guid accountId, KeyPair pair, ProviderAnswer answer, CancellationToken ct)
    {
        var missing = answer.Code == "204" ? addresses.MissingAfter(answer)?.ToString() : null;
        var index = Proof.Proves(answer) ? await IndexAsync(pair, ct) : [];
        var proof = new Proof(clock.GetUtcNow(), answer, missing, index);
        AccountsLog.KeyPairTried(log, accountId, proof.Code, proof.Proven);
        if (proof.Code == "103")
            AccountsLog.ClockRefused(log, accountId, answer.ClockOffset);
        return proof;
    }

    /// <summary>Records the answer in the caller's transaction, in which the pair's row is already written.</summary>
    /// <param name="actor">Who tried the pair; null when the answer came to a message that was sent.</param>
    internal static async Task RecordAsync(PortalDb db, Account account, AccountKey key, Proof proof, Guid? actor, CancellationToken ct)
    {
        if (proof.Proven)
        {
            if (key.ProvenAt is null)
                db.Note(actor, AuditActions.KeyPairProven, account.Id, proof.At, Invariant(key.Version));
            key.ProvenAt ??= proof.At;
            key.Held = !await EnterAsync(db, account, key, proof, ct);
        }
        else
        {
            db.Note(actor, AuditActions.KeyPairNotProven, account.Id, proof.At, Invariant(key.Version), proof.Code);
        }
        // The answer to an older pair's message came after that pair was replaced: it says nothing about the account.
        if (await db.Set<AccountKey>().AnyAsync(k => k.AccountId == account.Id && k.Version > key.Version, ct))
            return;
        account.CheckedAt = proof.At;
        account.CheckedCode = proof.Code;
        account.ClockOffset = (int?)proof.Answer.ClockOffset?.TotalSeconds ?? account.ClockOffset;
        var older = await db.Set<AccountKey>().AnyAsync(k => k.AccountId == account.Id && k.Version < key.Version && k.ProvenAt != null && !k.Held, ct);
        if (AccountStates.Settle(account, key, proof, older) is { } action)
            db.Note(actor, action, account.Id, proof.At, account.StoppedCode ?? proof.Code);
    }

    private async Task<IReadOnlyList<BlindIndex>> IndexAsync(KeyPair pair, CancellationToken ct)
    {
        var apiKey = pair.ApiKey.ToArray();
        try
        {
            return await vault.IndexAsync(apiKey, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(apiKey);
        }
    }

    // Every version of the index key that is live: a receipt is looked up by any of them. One that is held is held for all.
    private static async Task<bool> EnterAsync(PortalDb db, Account account, AccountKey key, Proof proof, CancellationToken ct)
    {
        var origin = VaultOrigin.Of(new Uri(account.BaseAddress));
        var first = true;
        foreach (var index in proof.Index)
        {
            var mine = await db.Database.SqlQuery<bool>(
                $"""select infra.prove_apikey({account.Id}, {key.Version}, {index.Version}, {index.Hash}, {origin}) as "Value" """).ToListAsync(ct);
            first &= mine[0];
        }
        return first;
    }

    private static string Invariant(int version) => version.ToString(CultureInfo.InvariantCulture);
}
