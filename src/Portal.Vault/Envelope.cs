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

    public static AesGcm Cipher(ReadOnlySpan<byte> key) => new(key, TagLength);

    public static byte[] Seal(ReadOnlySpan<byte> key, Header header, Binding binding, ReadOnlySpan<byte> plain)
    {
        using var cipher = Cipher(key);
        return Seal(cipher, header, binding, plain);
    }

    public static byte[] Seal(AesGcm cipher, Header header, Binding binding, ReadOnlySpan<byte> plain)
    {
        var blob = new byte[Overhead + plain.Length];
        header.Write(blob);
        var nonce = blob.AsSpan(Header.Length..NonceEnd);
        RandomNumberGenerator.Fill(nonce);
        var bound = binding.Under(blob.AsSpan(..Header.Length));
        cipher.Encrypt(nonce, plain, blob.AsSpan(TagEnd..), blob.AsSpan(NonceEnd..TagEnd), bound);
        return blob;
    }

    /// <summary>Opens a value whose header was read already (<see cref="Header.Read"/>), to find its key.</summary>
    public static PinnedBytes Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, Binding binding)
    {
        using var cipher = Cipher(key);
        var plain = new PinnedBytes(blob.Length - Overhead);
        try
        {
            Open(cipher, blob, binding, plain.Span);
            return plain;
        }
        catch (VaultException)
        {
            plain.Dispose();
            throw;
        }
    }

    /// <param name="plain">Where it is opened to: <see cref="Overhead"/> shorter than the blob.</param>
    public static void Open(AesGcm cipher, ReadOnlySpan<byte> blob, Binding binding, Span<byte> plain)
    {
        try
        {
            cipher.Decrypt(blob[Header.Length..NonceEnd], blob[TagEnd..], blob[NonceEnd..TagEnd], plain, binding.Under(blob[..Header.Length]));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw VaultException.Tampered();
        }
    }
}
