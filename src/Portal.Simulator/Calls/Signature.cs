using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Simulator.Calls;

/// <summary>Provider document section 1.2: lower-case hex MD5 of apikey, timestamp and secret, put together as they are.</summary>
internal static class Signature
{
    [SuppressMessage("Security", "CA5351", Justification = "The provider's document prescribes MD5.")]
    public static bool IsRight(string apikey, string timestamp, string secret, string sign)
    {
        var plain = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(apikey.Length + timestamp.Length + secret.Length));
        var length = Encoding.UTF8.GetBytes(apikey, plain);
        length += Encoding.UTF8.GetBytes(timestamp, plain.AsSpan(length));
        length += Encoding.UTF8.GetBytes(secret, plain.AsSpan(length));
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(plain.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(plain);
        Span<char> hex = stackalloc char[MD5.HashSizeInBytes * 2];
        return Convert.TryToHexStringLower(hash, hex, out _) && hex.SequenceEqual(sign);
    }
}
