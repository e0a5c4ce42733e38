using System.Text.RegularExpressions;

namespace Portal.ArchitectureTests;

/// <summary>Which algorithms may stand where.</summary>
internal static partial class CryptographyRules
{
    /// <summary>The two places where another's protocol asks for what would not be taken today.</summary>
    private static readonly Dictionary<string, string> _given = new(StringComparer.Ordinal) { ["Signature.cs"] = "MD5", ["Totp.cs"] = "HMACSHA1" };

    /// <summary>Algorithms, modes and generators that must not be used.</summary>
    public static IEnumerable<string> Weak(IEnumerable<SourceFile> files) =>
        from file in files
        from Match found in WeakOnes().Matches(SecurityDocument.Code(file.Text))
        where _given.GetValueOrDefault(Path.GetFileName(file.Name)) != found.Value
        select $"{file.Name}: {found.Value}";

    /// <summary>What makes a file one that uses cryptography.</summary>
    [GeneratedRegex(@"\b(AesGcm|HKDF|HMACSHA\d+|SHA256|SHA384|SHA512|SHA1|MD5|RandomNumberGenerator|CreateProtector|SetApplicationName|PasswordHasherOptions)\b", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Uses();

    [GeneratedRegex(@"\b(MD5|SHA1|HMACMD5|HMACSHA1|DES|TripleDES|RC2|Rijndael|Aes\.Create|AesCcm|AesManaged|CipherMode|PaddingMode|RSA|DSA|ECDsa|Rfc2898DeriveBytes|PasswordDeriveBytes|new Random|Random\.Shared|XmlSerializer|RSACryptoServiceProvider)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WeakOnes();
}
