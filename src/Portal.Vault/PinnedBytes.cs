using System.Security.Cryptography;

namespace Portal.Vault;

/// <summary>Bytes that the garbage collector never moves, so that clearing them leaves no copy behind.</summary>
internal sealed class PinnedBytes(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public Span<byte> Span => _bytes;

    public Memory<byte> Memory => _bytes;

    public static PinnedBytes Random(int length)
    {
        var bytes = new PinnedBytes(length);
        RandomNumberGenerator.Fill(bytes.Span);
        return bytes;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
