using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Live;
using Portal.Sms.Provider;

namespace Portal.Accounts;

/// <summary>
/// What the answer to a real message shows of the key pair that signed it, by the rules of <see cref="ProveKeyPair"/>: a
/// pair is proven and its account active, or the account shows what the provider said.
/// </summary>
internal sealed class RecordProof(PortalDbFactory dbs, AccountKeys keys, ProveKeyPair prove, LiveFeed live)
{
    public async Task RunAsync(TenantScope scope, Guid accountId, int version, ProviderAnswer answer, CancellationToken ct)
    {
        using var opened = await keys.OpenAsync(scope, accountId, version, KeyPairPurpose.Proof, ct) ?? throw new InvalidOperationException("A key pair is never deleted.");
        var proof = await prove.ReadAsync(accountId, opened.Pair, answer, ct);

        await using var db = dbs.Create(scope, DatabaseRole.Dispatch);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var account = await db.LockAsync(accountId, ct) ?? throw new InvalidOperationException("An account is never deleted.");
        var key = await db.Set<AccountKey>().SingleAsync(k => k.AccountId == accountId && k.Version == version, ct);
        await ProveKeyPair.RecordAsync(db, account, key, proof, actor: null, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        live.Publish(scope.TenantId, accountId);
    }
}
