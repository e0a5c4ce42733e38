using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Portal.Vault;

/// <summary>
/// The clear start of every sealed value: 'PV', format version, root key id (u16), key version (u32). It has a fixed length
/// and is authenticated with the value. In a field, the root key id only tells which root key was active when it was sealed:
/// rewrapping the tenant's key under another one leaves the fields as they are.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Header(int RootKeyId, int KeyVersion)
{
    public const int Length = 9;
    private const byte FormatVersion = 1;

    public void Write(Span<byte> blob)
    {
        "PV"u8.CopyTo(blob);
        blob[2] = FormatVersion;
        BinaryPrimitives.WriteUInt16BigEndian(blob[3..], checked((ushort)RootKeyId));
        BinaryPrimitives.WriteUInt32BigEndian(blob[5..], checked((uint)KeyVersion));
    }

    public static Header Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < Envelope.Overhead || !blob.StartsWith("PV"u8) || blob[2] != FormatVersion)
            throw new VaultException(VaultError.NotThisFormat, "The bytes are no sealed value of a format that this version reads.");

        var version = BinaryPrimitives.ReadUInt32BigEndian(blob[5..]);
        if (version is 0 or > int.MaxValue)
            throw new VaultException(VaultError.UnknownKeyVersion, "A sealed value names a key version that cannot be.");
        return new Header(BinaryPrimitives.ReadUInt16BigEndian(blob[3..]), (int)version);
    }
}
