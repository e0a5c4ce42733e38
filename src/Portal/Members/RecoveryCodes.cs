using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>Ten codes, each good for one sign-in. 138 random bits: a plain hash of one cannot be guessed back.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    private const int Groups = 4;
    private const int GroupLength = 7;
    // Those that were handed out before were shorter.
    private const int ShorterCode = 24;
    private const int ShortestCode = 16;
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Longer than any code of an app.</summary>
    public static bool Looks(string typed) => typed.Count(char.IsAsciiLetterOrDigit) is Groups * GroupLength or ShorterCode or ShortestCode;

    /// <summary>Replaces a person's codes, in the caller's transaction; answers the new ones, which nobody can read again.</summary>
    public static async Task<IReadOnlyList<string>> RenewAsync(IdentityDb db, Guid user, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.UserId == user).ExecuteDeleteAsync(ct);
        string[] codes = [.. Enumerable.Range(0, Count).Select(_ => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength))))];
        db.AddRange(codes.Select(c => new RecoveryCode { UserId = user, Hash = HashOf(user, c) }));
        return codes;
    }

    /// <summary>True for one caller: the row is deleted.</summary>
    public static async Task<bool> UseAsync(IdentityDb db, Guid user, string typed, CancellationToken ct)
    {
        var hash = HashOf(user, typed);
        return await db.RecoveryCodes.Where(c => c.UserId == user && c.Hash == hash).ExecuteDeleteAsync(ct) == 1;
    }

    private static byte[] HashOf(Guid user, string typed) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{user:N}|{string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant()}"));
}
