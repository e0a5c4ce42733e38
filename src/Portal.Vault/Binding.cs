using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Portal.Vault;

/// <summary>
/// What a sealed value is bound to, as associated data. Every part is preceded by its length, so that no two different lists
/// of parts give the same bytes.
/// </summary>
internal sealed class Binding
{
    // Strict: two broken texts must not become the same bytes.
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _parts = new(256);

    /// <param name="environment">Keeps a copy of the database from opening in another environment.</param>
    /// <param name="purpose">What kind of value this is: a field can never be taken for a wrapped key.</param>
    public Binding(string environment, string purpose) => With(environment).With(purpose);

    public Binding With(string part) => With(_utf8.GetBytes(part));

    public Binding With(Guid part) => With(part.ToByteArray(bigEndian: true));

    public byte[] Under(ReadOnlySpan<byte> header) => [.. header, .. _parts.WrittenSpan];

    private Binding With(ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(_parts.GetSpan(sizeof(int)), part.Length);
        _parts.Advance(sizeof(int));
        _parts.Write(part);
        return this;
    }
}
