using Portal.Accounts;
using Portal.Data;
using Portal.Sms.Provider;
using Portal.Sms.Text;
using Portal.Vault;

namespace Portal.Dispatch;

/// <summary>A claimed batch with its request, signed and complete. Dispose it: the request holds the apikey and the signature.</summary>
/// <param name="Segments">Billed segments by our own count, for all its numbers.</param>
internal sealed record SignedBatch(ClaimedBatch Batch, ProviderRequest Request, int KeyVersion, int Segments) : IDisposable
{
    public void Dispose() => Request.Dispose();
}

/// <summary>
/// Reads and signs what was claimed together, so that the key pair is opened once for a quarter of a second's requests and
/// closed again before the first of them leaves.
/// </summary>
internal sealed class SignBatches(OpenBatches open, AccountKeys keys, ClaimBatches claims, AfterOutcome after, TimeProvider clock)
{
    /// <summary>In the order of the claims; what has nobody left, or no pair to sign with, is put away.</summary>
    public async Task<List<SignedBatch>> RunAsync(TenantScope scope, Guid accountId, Lease lease, IReadOnlyList<ClaimedBatch> batches, CancellationToken ct)
    {
        var contents = await open.RunAsync(scope, accountId, batches, ct);
        foreach (var empty in contents.Where(c => c.Numbers.Count == 0))
            await after.NobodyLeftAsync(scope, empty.Batch, lease, ct);
        contents.RemoveAll(c => c.Numbers.Count == 0);
        var signed = new List<SignedBatch>(contents.Count);
        // What proves a pair is signed with that one. It passes first anyway, so the order stays.
        foreach (var pair in contents.GroupBy(c => c.Batch.ProvesVersion))
            signed.AddRange(await SignAsync(scope, accountId, lease, pair.Key, [.. pair], ct));
        return signed;
    }

    private async Task<List<SignedBatch>> SignAsync(TenantScope scope, Guid accountId, Lease lease, int? version, List<BatchContent> contents, CancellationToken ct)
    {
        try
        {
            using var pair = await keys.OpenAsync(scope, accountId, version, KeyPairPurpose.Sign, ct);
            if (pair is not null)
                return contents.ConvertAll(c => Sign(c, pair));
            await after.CannotSignAsync(scope, accountId, "unproven", ct);
        }
        catch (HostNotAllowedException)
        {
            await after.CannotSignAsync(scope, accountId, "host", ct);
        }
        // A root key that this instance lacks is this instance's trouble: another one may have it.
        catch (VaultException e) when (e.Error is not (VaultError.UnknownRootKey or VaultError.BadRootKeys or VaultError.RootKeysExposed))
        {
            await after.CannotSignAsync(scope, accountId, "vault", ct);
        }
        await claims.ReleaseAsync(scope, contents.ConvertAll(c => c.Batch), lease, TimeSpan.Zero, ct);
        return [];
    }

    private SignedBatch Sign(BatchContent content, OpenedKeyPair pair)
    {
        var call = content.Terms.VerificationOnly ? ProviderCall.Verification : ProviderCall.Marketing;
        var message = new ProviderMessage(content.Numbers, content.Text, content.Terms.SenderId, content.Terms.TemplateId, content.Terms.SignName);
        var request = ProviderRequest.Build(pair.BaseAddress, call, pair.Pair, clock.GetUtcNow(), message);
        return new SignedBatch(content.Batch, request, pair.Version, Segments.Count(content.Text).Segments * content.Numbers.Count);
    }
}
