using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>Whether a second step is right, and with what.</summary>
public enum SecondStep { Wrong, App, Recovery }

/// <summary>
/// The second step: a code of the app, taken once, or a recovery code, which is used up. Attempts of both are counted together,
/// before they are looked at.
/// </summary>
public sealed class CheckSecondFactor(IDbContextFactory<IdentityDb> identity, FactorSeeds seeds, SecondFactorTries tries, TimeProvider clock)
{
    /// <summary>Whether the person has a second step to take.</summary>
    public async Task<bool> IsAskedAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.SecondFactors.AnyAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct);
    }

    /// <summary>How many recovery codes are unused.</summary>
    public async Task<int> CodesLeftAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.RecoveryCodes.CountAsync(c => c.UserId == userId, ct);
    }

    public async Task<SecondStep> RunAsync(Guid userId, string code, Origin from, CancellationToken ct)
    {
        if (!await tries.CountAsync(userId, ct))
            return SecondStep.Wrong;
        await using var db = await identity.CreateDbContextAsync(ct);
        var step = RecoveryCodes.Looks(code) ? await RecoverAsync(db, userId, code, from, ct) : await AppAsync(db, userId, code, ct);
        if (step != SecondStep.Wrong)
            await tries.ForgetAsync(userId, ct);
        return step;
    }

    private async Task<SecondStep> RecoverAsync(IdentityDb db, Guid userId, string code, Origin from, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await RecoveryCodes.UseAsync(db, userId, code, ct))
            return SecondStep.Wrong;
        await db.NoteOfPersonAsync(userId, AuditActions.RecoveryCodeUsed, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return SecondStep.Recovery;
    }

    private async Task<SecondStep> AppAsync(IdentityDb db, Guid userId, string code, CancellationToken ct)
    {
        if (await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct) is not { } factor)
            return SecondStep.Wrong;
        if (await seeds.OpenAsync(factor, seed => Totp.StepOf(seed, SecondFactorTries.Tidy(code), clock.GetUtcNow()), ct) is not { } step)
            return SecondStep.Wrong;
        // The same code a second time, or an earlier one, finds no row.
        return await db.SecondFactors.Where(f => f.UserId == userId && f.LastStep < step && f.SealedSeed == factor.SealedSeed)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step), ct) == 1 ? SecondStep.App : SecondStep.Wrong;
    }
}
