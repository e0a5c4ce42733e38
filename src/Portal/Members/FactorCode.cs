using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>What a person's authenticator app shows now, confirmed or about to be: for development runs and tests only.</summary>
public sealed class FactorCode(IDbContextFactory<IdentityDb> identity, FactorSeeds seeds, TimeProvider clock)
{
    /// <summary>Null: no such person, or no app.</summary>
    public async Task<string?> OfAsync(string normalizedEmail, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var found = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => db.Users.Any(u => u.Id == f.UserId && u.NormalizedEmail == normalizedEmail), ct);
        return found is null ? null : await seeds.OpenAsync(found, seed => Totp.CodeOf(seed, Math.Max(Totp.StepAt(clock.GetUtcNow()), found.LastStep + 1)), ct);
    }
}
