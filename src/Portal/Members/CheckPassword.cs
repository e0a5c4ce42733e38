using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>A person who gave the right password.</summary>
public sealed record SignedIn(Guid UserId, string Email);

/// <summary>
/// Checks an e-mail address and a password. Null for an unknown address, a wrong password and a locked user alike, after
/// about the same time: who is asked for must not be told who has an account here.
/// </summary>
public sealed class CheckPassword(
    IDbContextFactory<IdentityDb> identity, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, TimeProvider clock)
{
    private static readonly User _nobody = new();
    private static string? _nobodysHash;

    public async Task<SignedIn?> RunAsync(string email, string password, CancellationToken ct)
    {
        // Something that nobody's password can be is still hashed, so that it takes as long.
        var tried = password.Length <= PasswordRules.MaxLength ? password : "";
        await using var db = await identity.CreateDbContextAsync(ct);
        var normalized = normalizer.NormalizeEmail(email.Trim());
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, ct);
        if (user?.PasswordHash is null || !await CountAttemptAsync(db, user.Id, ct))
        {
            hasher.VerifyHashedPassword(_nobody, _nobodysHash ??= hasher.HashPassword(_nobody, PasswordRules.Generate()), tried);
            return null;
        }
        if (hasher.VerifyHashedPassword(user, user.PasswordHash, tried) == PasswordVerificationResult.Failed)
            return null;
        await ForgetAttemptsAsync(db, user.Id, ct);
        return new(user.Id, user.Email!);
    }

    /// <summary>Counted before the password is looked at: a hundred guesses at once are a hundred guesses. False: locked.</summary>
    private async Task<bool> CountAttemptAsync(IdentityDb db, Guid user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? until = now + PasswordRules.LockedFor;
        return await db.Users.Where(u => u.Id == user && (u.LockoutEnd == null || u.LockoutEnd <= now)).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.LockoutEnd, u => u.AccessFailedCount == PasswordRules.MaxAttempts - 1 ? until : null)
                .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount >= PasswordRules.MaxAttempts ? 1 : u.AccessFailedCount + 1),
            ct) > 0;
    }

    private static async Task ForgetAttemptsAsync(IdentityDb db, Guid user, CancellationToken ct) =>
        await db.Users.Where(u => u.Id == user).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null).SetProperty(u => u.AccessFailedCount, 0), ct);
}
