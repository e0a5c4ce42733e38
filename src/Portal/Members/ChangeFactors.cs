using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>
/// Takes a person's app away, or gives them new recovery codes. The page asks them to confirm that it is they. Somebody who
/// has no second factor left is no longer signed in with two.
/// </summary>
public sealed class ChangeFactors(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    /// <summary>False: there was none.</summary>
    public async Task<bool> TurnOffAsync(Guid userId, Origin from, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.SecondFactors.Where(f => f.UserId == userId).ExecuteDeleteAsync(ct) == 0)
            return false;
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
        await db.WeakenAsync(userId, ct);
        await db.TellSecurityAsync(userId, AuditActions.SecondFactorRemoved, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>New codes, the old ones are gone; empty: there is no app to recover.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Guid userId, Origin from, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.SecondFactors.AnyAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct))
            return [];
        var codes = await RecoveryCodes.RenewAsync(db, userId, ct);
        await db.TellSecurityAsync(userId, AuditActions.RecoveryCodesRenewed, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <summary>By an operator of the machine, for somebody who lost app, codes and passkeys: all are taken away and every session ends. Null: unknown.</summary>
    public async Task<string?> ResetAsync(string normalizedEmail, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.Where(u => u.NormalizedEmail == normalizedEmail).Select(u => new { u.Id, u.Email }).SingleOrDefaultAsync(ct) is not { } user)
            return null;
        await db.SecondFactors.Where(f => f.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.UserPasskeys.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(s => s.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.TellSecurityAsync(user.Id, AuditActions.SecondFactorRemoved, Origin.Console, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return user.Email;
    }
}
