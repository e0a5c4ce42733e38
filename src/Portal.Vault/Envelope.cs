using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>
/// Seals and opens bytes under one key: header | nonce | tag | ciphertext, AES-256-GCM. Nonces are random: good for 2^32
/// values a key (NIST SP 800-38D), far above what a tenant's key or a system key ever seals.
/// </summary>
internal static class Envelope
{
    public const int KeyLength = 32;
    public const int Overhead = TagEnd;
    private const int NonceEnd = Header.Length + 12;
    private const int TagEnd = NonceEnd + TagLength;
    private const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, Header header, Binding binding, ReadOnlySpan<byte> plain)
    {
        var blob = new byte[Overhead + plain.Length];
        header.Write(blob);
        var nonce = blob.AsSpan(Header.Length..NonceEnd);
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(key, TagLength);
        var bound = binding.Under(blob.AsSpan(..Header.Length));
        aes.Encrypt(nonce, plain, blob.AsSpan(TagEnd..), blob.AsSpan(NonceEnd..TagEnd), bound);
        return blob;
    }

    /// <summary>Opens a value whose header was read already (<see cref="Header.Read"/>), to find its key.</summary>
    public static PinnedBytes Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, Binding binding)
    {
        var plain = new PinnedBytes(blob.Length - Overhead);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            var bound = binding.Under(blob[..Header.Length]);
            aes.Decrypt(blob[Header.Length..NonceEnd], blob[TagEnd..], blob[NonceEnd..TagEnd], plain.Span, bound);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            plain.Dispose();
            throw VaultException.Tampered();
        }
    }
}
