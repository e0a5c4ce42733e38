using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data;
using Portal.Sms.Provider;

namespace Portal.Receipts;

/// <summary>Reads bodies and finds the accounts by the keyed hash of the apikey. Nothing of a tenant is looked at.</summary>
internal sealed class ReadReceipts(Databases databases, Vault.Vault vault, ILogger<ReadReceipts> log)
{
    public async Task<List<ReadReceipt>> RunAsync(IReadOnlyList<StoredReceipt> stored, CancellationToken ct)
    {
        var known = new Dictionary<string, IReadOnlyList<AccountOfKey>>(StringComparer.Ordinal);
        var read = new List<ReadReceipt>(stored.Count);
        await using var connection = await databases[DatabaseRole.Applier].OpenConnectionAsync(ct);
        foreach (var one in stored)
        {
            if (!ReceiptReader.TryRead(one.Body, out var receipt, out var problem))
            {
                ReceiptsLog.Unreadable(log, problem);
                read.Add(new ReadReceipt(one, null, []));
                continue;
            }
            if (!known.TryGetValue(receipt.ApiKey, out var accounts))
                known[receipt.ApiKey] = accounts = await ResolveAsync(connection, receipt.ApiKey, ct);
            read.Add(new ReadReceipt(one, receipt, accounts));
        }
        return read;
    }

    private async Task<IReadOnlyList<AccountOfKey>> ResolveAsync(NpgsqlConnection connection, string apiKey, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(apiKey);
        try
        {
            var accounts = new List<AccountOfKey>();
            foreach (var index in await vault.IndexAsync(bytes, ct))
            {
                await using var command = new NpgsqlCommand("select tenant_id, account_id from infra.resolve_apikey($1)", connection) { Parameters = { new() { Value = index.Hash } } };
                await using var reader = await command.ExecuteReaderAsync(ct);
                while (await reader.ReadAsync(ct))
                    accounts.Add(new AccountOfKey(reader.GetGuid(0), reader.GetGuid(1)));
            }
            return [.. accounts.Distinct()];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
