using System.Security.Cryptography;

namespace Portal.Members;

/// <summary>What a password must be.</summary>
public static class PasswordRules
{
    public const int MinLength = 12;

    /// <summary>More would only let a stranger keep the server hashing.</summary>
    public const int MaxLength = 256;

    /// <summary>So many wrong passwords in a row lock the user.</summary>
    public const int MaxAttempts = 5;

    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    // No letters that look like another or like a digit: it is read out and typed in once.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    public static bool Accepts(string password) => password.Length is >= MinLength and <= MaxLength;

    /// <summary>Four groups of five letters: 99 bits.</summary>
    public static string Generate() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 5)));
}
