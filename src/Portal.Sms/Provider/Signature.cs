using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Sms.Provider;

/// <summary>The provider's signature (provider document section 1.2): lower-case hex MD5 of apikey + timestamp + secret.</summary>
public static class Signature
{
    /// <summary>Signs. What was joined to be hashed is zeroed before this returns.</summary>
    public static string Sign(ReadOnlySpan<byte> apiKey, string timestamp, ReadOnlySpan<byte> secret)
    {
        var length = apiKey.Length + Encoding.UTF8.GetByteCount(timestamp) + secret.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            apiKey.CopyTo(joined);
            var at = apiKey.Length;
            at += Encoding.UTF8.GetBytes(timestamp, joined.AsSpan(at));
            secret.CopyTo(joined.AsSpan(at));
            return Hash(joined.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(joined.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static string Hash(ReadOnlySpan<byte> joined)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // weak, and not ours to choose: the provider knows no other signature
        MD5.HashData(joined, hash);
#pragma warning restore CA5351
        return Convert.ToHexStringLower(hash);
    }
}
