using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Members;

/// <summary>Codes by time as RFC 6238 makes them: HMAC-SHA1, six digits, a step of 30 seconds.</summary>
internal static class Totp
{
    public const int SeedBytes = 20;

    private const int StepSeconds = 30;
    private const int Modulus = 1_000_000;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    public static string CodeOf(ReadOnlySpan<byte> seed, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        // The algorithm is the RFC's: apps know no other. An HMAC does not suffer from what broke SHA-1.
#pragma warning disable CA5350
        HMACSHA1.HashData(seed, counter, hash);
#pragma warning restore CA5350
        var at = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[at..]) & 0x7fff_ffff;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code it is: now, one before or one after; null: none of them.</summary>
    public static long? StepOf(ReadOnlySpan<byte> seed, string code, DateTimeOffset now)
    {
        var typed = Encoding.UTF8.GetBytes(code);
        long? found = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(seed, step)), typed))
                found = step;
        }
        return found;
    }

    /// <summary>Base32, as apps take it when it is typed.</summary>
    public static string KeyOf(ReadOnlySpan<byte> seed)
    {
        var key = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in seed)
        {
            (bits, count) = ((bits << 8) | b, count + 8);
            for (; count >= 5; count -= 5)
                key.Append(Alphabet[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }
        return key.ToString();
    }

    /// <summary>What the picture for the app says.</summary>
    public static string UriOf(string key, string email) =>
        $"otpauth://totp/Portal:{Uri.EscapeDataString(email)}?secret={key}&issuer=Portal&digits=6&period={StepSeconds}";
}
