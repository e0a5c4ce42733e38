using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <param name="Key">To be typed where the picture cannot be read: base32.</param>
/// <param name="Uri">What the picture says.</param>
public sealed record NewFactor(string Key, string Uri);

/// <summary>
/// Makes a seed for an authenticator app, which counts from <see cref="ConfirmSecondFactor"/> on. Asked again within the hour it
/// answers the same, so that a page can be loaded anew. Null: the person has a confirmed one already.
/// </summary>
public sealed class BeginSecondFactor(IDbContextFactory<IdentityDb> identity, FactorSeeds seeds, TimeProvider clock)
{
    private static readonly TimeSpan _pending = TimeSpan.FromHours(1);

    public async Task<NewFactor?> RunAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var email = await db.Users.Where(u => u.Id == userId).Select(u => u.Email!).SingleAsync(ct);
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == userId, ct);
        if (factor is { ConfirmedAt: not null })
            return null;
        if (factor is null || factor.CreatedAt < clock.GetUtcNow() - _pending)
            factor = await MakeAsync(db, factor, userId, ct);
        var key = await seeds.OpenAsync(factor, Totp.KeyOf, ct);
        return new(key, Totp.UriOf(key, email));
    }

    private async Task<SecondFactor> MakeAsync(IdentityDb db, SecondFactor? old, Guid userId, CancellationToken ct)
    {
        var seed = RandomNumberGenerator.GetBytes(Totp.SeedBytes);
        var blob = await seeds.SealAsync(userId, seed, ct);
        CryptographicOperations.ZeroMemory(seed);
        var factor = old ?? new() { UserId = userId, SealedSeed = blob };
        if (old is null)
            db.Add(factor);
        (factor.SealedSeed, factor.LastStep, factor.CreatedAt) = (blob, 0, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return factor;
    }
}
