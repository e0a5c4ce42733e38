using System.Security.Cryptography;
using Portal.Vault;

namespace Portal.Members;

/// <summary>Seals seeds of authenticator apps for their owner, and opens them for that one only.</summary>
public sealed class FactorSeeds(Vault.Vault vault)
{
    private const string Purpose = "second-factor";
    private const int IdBytes = 16;

    internal async Task<byte[]> SealAsync(Guid user, ReadOnlyMemory<byte> seed, CancellationToken ct)
    {
        byte[] plain = [.. user.ToByteArray(), .. seed.Span];
        try
        {
            return await vault.SealSystemAsync(Purpose, plain, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Calls back with the seed, which is wiped afterwards.</summary>
    /// <exception cref="InvalidOperationException">It was sealed for somebody else.</exception>
    internal async Task<T> OpenAsync<T>(SecondFactor factor, SeedUse<T> use, CancellationToken ct)
    {
        using var plain = await vault.OpenSystemAsync(Purpose, factor.SealedSeed, ct);
        var bytes = plain.Bytes.Span;
        return new Guid(bytes[..IdBytes]) == factor.UserId
            ? use(bytes[IdBytes..])
            : throw new InvalidOperationException("This seed was sealed for somebody else.");
    }
}

internal delegate T SeedUse<out T>(ReadOnlySpan<byte> seed);
