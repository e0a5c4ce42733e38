using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

public sealed record ChangePasswordInput(string Old, string New);

/// <summary>
/// A person changes their own password. Their other sessions end. Problems: <c>password_wrong</c>, <c>password_same</c>, and those of
/// <see cref="PasswordRules"/>.
/// </summary>
public sealed class ChangePassword(IDbContextFactory<IdentityDb> identity, CheckPassword check, IPasswordHasher<User> hasher, TimeProvider clock)
{
    /// <param name="session">The one that goes on: SHA-256 of what its cookie holds.</param>
    /// <param name="network">Where it comes from: wrong old passwords count as at sign-in.</param>
    public async Task<Result<Guid>> RunAsync(Guid userId, ChangePasswordInput input, byte[] session, string network, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var user = await db.Users.SingleAsync(u => u.Id == userId, ct);
        if (PasswordRules.Check(nameof(input.New), input.New, await db.NamesOfAsync(user, ct)) is { } problem)
            return problem;
        if (await check.RunAsync(user.Email!, input.Old, network, ct) is null)
            return new Problem(nameof(input.Old), "password_wrong");
        if (input.Old == input.New)
            return new Problem(nameof(input.New), "password_same");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.ReplaceAsync(hasher, user, input.New, AuditActions.PasswordChanged, session, Origin.Of(network, session), clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return userId;
    }
}
