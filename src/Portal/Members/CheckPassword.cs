using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>A person who gave the right password.</summary>
public sealed record SignedIn(Guid UserId, string Email);

/// <summary>
/// Checks an e-mail address and a password. Null for an unknown address, a wrong password and too many attempts alike, after
/// about the same time: who is asked for must not be told who has an account here.
/// </summary>
public sealed class CheckPassword(
    IDbContextFactory<IdentityDb> identity, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, PasswordTries tries)
{
    private static readonly User _nobody = new();
    private static string? _nobodysHash;

    /// <param name="network">Where the attempt comes from: an address, or a network of them.</param>
    public async Task<SignedIn?> RunAsync(string email, string password, string network, CancellationToken ct)
    {
        // Something that nobody's password can be is still hashed, so that it takes as long.
        var tried = password.Length <= PasswordRules.MaxLength ? password : "";
        var normalized = normalizer.NormalizeEmail(email.Trim());
        var counted = await tries.CountAsync(normalized, network, ct);
        await using var db = await identity.CreateDbContextAsync(ct);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, ct);
        if (!counted || user?.PasswordHash is null)
        {
            hasher.VerifyHashedPassword(_nobody, _nobodysHash ??= hasher.HashPassword(_nobody, PasswordRules.Generate()), tried);
            return null;
        }
        if (hasher.VerifyHashedPassword(user, user.PasswordHash, tried) == PasswordVerificationResult.Failed)
            return null;
        await tries.ForgetAsync(normalized, network, ct);
        return new(user.Id, user.Email!);
    }
}
