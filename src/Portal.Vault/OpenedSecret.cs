using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Portal.Vault;

/// <summary>A secret in plain, for as short as can be: dispose it at once after use, which clears it.</summary>
[DebuggerDisplay("***")]
public sealed class OpenedSecret : IDisposable
{
    private readonly PinnedBytes _bytes;
    private bool _disposed;

    internal OpenedSecret(PinnedBytes bytes) => _bytes = bytes;

    /// <summary>The secret. Do not copy it into a string or an array that stays.</summary>
    /// <exception cref="ObjectDisposedException">It was cleared.</exception>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes.Memory;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _bytes.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "***";
}
