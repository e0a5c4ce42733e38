using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Members;

/// <summary>What a letter carries to prove that its reader has the mailbox: 256 random bits. Only its hash is kept.</summary>
internal static class MailCode
{
    private const int Bytes = 32;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim()));
}
