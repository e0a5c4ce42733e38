using System.Security.Cryptography;

namespace Portal.Sms.Provider;

/// <summary>
/// An account's apikey and secret as UTF-8 bytes, exactly as the provider gave them: never trimmed, decoded or changed in case.
/// It owns both arrays and zeroes them when it is disposed.
/// </summary>
public sealed class KeyPair(byte[] apiKey, byte[] secret) : IDisposable
{
    private bool _disposed;

    /// <summary>The apikey.</summary>
    /// <exception cref="ObjectDisposedException">The pair was disposed.</exception>
    public ReadOnlySpan<byte> ApiKey => Open(apiKey);

    /// <summary>The secret (the provider's <c>apisecret</c>).</summary>
    /// <exception cref="ObjectDisposedException">The pair was disposed.</exception>
    public ReadOnlySpan<byte> Secret => Open(secret);

    /// <summary>Zeroes both.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(apiKey);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Never the secret: it may end in a log.</summary>
    public override string ToString() => "***";

    private byte[] Open(byte[] bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return bytes;
    }
}
