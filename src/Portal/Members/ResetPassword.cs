using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;

namespace Portal.Members;

/// <summary>
/// Sets a new password with the code of a letter. The code is used up in the same transaction; every session ends, a lock of the
/// address is lifted. A second factor is still asked for at sign-in. Problems: <c>code_invalid</c>, and those of <see cref="PasswordRules"/>.
/// </summary>
public sealed class ResetPassword(IDbContextFactory<IdentityDb> identity, IPasswordHasher<User> hasher, PasswordTries tries, TimeProvider clock)
{
    public static readonly TimeSpan CodeLasts = TimeSpan.FromHours(1);

    /// <summary>Whose password it is; null: no such code, used or too old.</summary>
    public async Task<string?> FindAsync(string code, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await Open(db, code).Join(db.Users, r => r.UserId, u => u.Id, (_, u) => u.Email).SingleOrDefaultAsync(ct);
    }

    /// <summary>Answers the person's e-mail address.</summary>
    /// <param name="network">Where it comes from: a lock of the address there is lifted.</param>
    public async Task<Result<string>> RunAsync(string code, string password, string network, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        if (await Open(db, code).Join(db.Users, r => r.UserId, u => u.Id, (_, u) => u).SingleOrDefaultAsync(ct) is not { } user)
            return new Problem("", "code_invalid");
        if (PasswordRules.Check("Password", password, await db.NamesOfAsync(user, ct)) is { } problem)
            return problem;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Whoever deletes the row sets the password.
        if (await Open(db, code).ExecuteDeleteAsync(ct) == 0)
            return new Problem("", "code_invalid");
        await db.ReplaceAsync(hasher, user, password, AuditActions.PasswordReset, null, new(network), clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        await tries.ForgetAsync(user.NormalizedEmail!, network, ct);
        return user.Email!;
    }

    private IQueryable<PasswordReset> Open(IdentityDb db, string code)
    {
        var (hash, now) = (MailCode.HashOf(code), clock.GetUtcNow());
        return db.PasswordResets.Where(r => r.CodeHash == hash && r.ExpiresAt > now);
    }
}
