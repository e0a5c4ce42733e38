using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Dispatch;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>Reads bodies and finds the accounts by the keyed hash of the apikey. Nothing of a tenant is looked at.</summary>
internal sealed class ReadReceipts(Vault.Vault vault, ILogger<ReadReceipts> log)
{
    private const string Resolve = "select hash, tenant_id, account_id, proven_at, token_only_since from infra.resolve_apikeys($1)";

    private const string ResolveTokens = "select hash, account_id, ends_at from infra.resolve_receipt_tokens($1)";

    public async Task<List<ReadReceipt>> RunAsync(NpgsqlConnection connection, IReadOnlyList<StoredReceipt> stored, CancellationToken ct)
    {
        var read = new List<(StoredReceipt Stored, ProviderReceipt? Receipt)>(stored.Count);
        foreach (var one in stored)
        {
            if (!ReceiptReader.TryRead(one.Body, out var receipt, out var problem))
                ReceiptsLog.Unreadable(log, problem);
            read.Add((one, receipt));
        }
        var accounts = await ResolveAsync(connection, [.. read.Select(r => r.Receipt?.ApiKey).OfType<string>().Distinct()], ct);
        var tokens = await ResolveTokensAsync(connection, [.. stored.Select(s => s.Token).OfType<string>().Distinct()], ct);
        return read.ConvertAll(r =>
        {
            if (r.Receipt is null)
                return new ReadReceipt(r.Stored, null, []);
            var (known, hash) = accounts[r.Receipt.ApiKey];
            return new ReadReceipt(r.Stored, r.Receipt, known, OfToken(r.Stored, tokens), hash);
        });
    }

    /// <summary>Those whose address it was when the receipt came, however long it waited since.</summary>
    private static List<Guid>? OfToken(StoredReceipt stored, ILookup<string, (Guid AccountId, DateTimeOffset? EndsAt)> tokens) =>
        stored.Token is { } token ? [.. tokens[token].Where(t => t.EndsAt is not { } end || stored.ReceivedAt < end).Select(t => t.AccountId)] : null;

    private static async Task<ILookup<string, (Guid AccountId, DateTimeOffset? EndsAt)>> ResolveTokensAsync(NpgsqlConnection connection, string[] hashes, CancellationToken ct)
    {
        var found = new List<(string Hash, Guid AccountId, DateTimeOffset? EndsAt)>();
        if (hashes.Length > 0)
        {
            await using var command = connection.Sql(ResolveTokens, (object)hashes);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                found.Add((reader.GetString(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        }
        return found.ToLookup(t => t.Hash, t => (t.AccountId, t.EndsAt), StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, (IReadOnlyList<AccountOfKey> Accounts, byte[]? Hash)>> ResolveAsync(NpgsqlConnection connection, string[] apiKeys, CancellationToken ct)
    {
        var hashes = new Dictionary<string, IReadOnlyList<Vault.BlindIndex>>(StringComparer.Ordinal);
        foreach (var apiKey in apiKeys)
            hashes[apiKey] = await HashAsync(apiKey, ct);
        var known = new Dictionary<string, List<AccountOfKey>>(StringComparer.Ordinal);
        await using var command = connection.Sql(Resolve, hashes.Values.SelectMany(h => h).Select(h => h.Hash).ToArray() as object);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var hash = Convert.ToHexString(reader.GetFieldValue<byte[]>(0));
            if (!known.TryGetValue(hash, out var accounts))
                known[hash] = accounts = [];
            accounts.Add(new AccountOfKey(
                reader.GetGuid(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3), reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)));
        }
        return hashes.ToDictionary(h => h.Key, h => Of(h.Value, known), StringComparer.Ordinal);
    }

    /// <summary>An account that has it under several versions of the index key is one account.</summary>
    private static (IReadOnlyList<AccountOfKey> Accounts, byte[]? Hash) Of(IReadOnlyList<Vault.BlindIndex> hashes, Dictionary<string, List<AccountOfKey>> known)
    {
        var found = hashes.SelectMany(h => known.GetValueOrDefault(Convert.ToHexString(h.Hash)) ?? [])
            .GroupBy(a => (a.TenantId, a.AccountId)).Select(g => g.MinBy(a => a.ProvenAt)!).OrderBy(a => a.ProvenAt).ToList();
        return (found, hashes.Count > 0 ? hashes[0].Hash : null);
    }

    private async Task<IReadOnlyList<Vault.BlindIndex>> HashAsync(string apiKey, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(apiKey);
        try
        {
            return await vault.IndexAsync(bytes, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
