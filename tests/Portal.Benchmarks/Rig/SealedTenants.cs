using System.Security.Cryptography;
using Npgsql;
using Portal.Vault;

namespace Portal.Benchmarks.Rig;

/// <summary>Tenants with a key and one sealed secret each: what a change of the root key must leave readable.</summary>
internal sealed class SealedTenants(Scratch scratch)
{
    private const int AtOnce = 8;
    private readonly List<(VaultField Field, byte[] Blob, byte[] Plain)> _secrets = [];
    private readonly Lock _gate = new();

    public Task MakeAsync(Vault.Vault vault, int tenants, CancellationToken ct) => EachAsync(Enumerable.Range(0, tenants), async _ =>
    {
        var field = new VaultField(Guid.CreateVersion7(), "account_secrets", "secret.1", Guid.CreateVersion7(), "https://sms.example.test:443");
        var plain = RandomNumberGenerator.GetBytes(32);
        await vault.CreateTenantKeyAsync(field.TenantId, ct);
        var blob = await vault.SealAsync(field, plain, ct);
        lock (_gate)
            _secrets.Add((field, blob, plain));
    }, ct);

    /// <summary>How many do not open, or open as something else.</summary>
    public async Task<int> UnreadableAsync(Vault.Vault vault, CancellationToken ct)
    {
        var unreadable = 0;
        await EachAsync(_secrets, async secret =>
        {
            try
            {
                using var opened = await vault.OpenAsync(secret.Field, secret.Blob, "run", ct);
                if (opened.Bytes.Span.SequenceEqual(secret.Plain))
                    return;
            }
            catch (VaultException)
            {
                // Counted below.
            }
            Interlocked.Increment(ref unreadable);
        }, ct);
        return unreadable;
    }

    /// <summary>Keys that this root key wraps.</summary>
    public async Task<long> UnderAsync(int root, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select count(*) from app.tenant_keys where root_key_id = $1", connection) { Parameters = { new() { Value = root } } };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> work, CancellationToken ct) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, _) => await work(one));
}
