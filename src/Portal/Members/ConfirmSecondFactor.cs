using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>Recovery codes that nobody can read again.</summary>
public sealed record NewCodes(IReadOnlyList<string> Codes);

/// <summary>
/// Takes the app into use with a code of it. The session that did it counts as signed in with two factors; the others end.
/// Answers the recovery codes, this once. Problems: <c>factor_none</c>, <c>code_wrong</c>, <c>tries_many</c>.
/// </summary>
public sealed class ConfirmSecondFactor(IDbContextFactory<IdentityDb> identity, FactorSeeds seeds, SecondFactorTries tries, TimeProvider clock)
{
    public async Task<Result<NewCodes>> RunAsync(Guid userId, byte[] session, string code, Origin from, CancellationToken ct)
    {
        if (!await tries.CountAsync(userId, ct))
            return new Problem("Code", "tries_many", SecondFactorTries.Most, SecondFactorTries.LockedFor.TotalMinutes);
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var factor = await db.SecondFactors.FromSql($"select * from ident.second_factors where user_id = {userId} for update").SingleOrDefaultAsync(ct);
        if (factor is not { ConfirmedAt: null })
            return new Problem("", "factor_none");
        var now = clock.GetUtcNow();
        if (await seeds.OpenAsync(factor, seed => Totp.StepOf(seed, SecondFactorTries.Tidy(code), now), ct) is not { } step)
            return new Problem("Code", "code_wrong");
        (factor.ConfirmedAt, factor.LastStep) = (now, step);
        var codes = await RecoveryCodes.RenewAsync(db, userId, ct);
        await db.Sessions.Where(s => s.UserId == userId && s.Id != session).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(set => set.SetProperty(s => s.Strong, true), ct);
        await db.TellSecurityAsync(userId, AuditActions.SecondFactorSet, from, now, ct);
        await transaction.CommitAsync(ct);
        await tries.ForgetAsync(userId, ct);
        return new NewCodes(codes);
    }
}
