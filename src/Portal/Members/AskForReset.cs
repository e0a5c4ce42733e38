using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>
/// Somebody forgot a password. The same is done for every address, known or not: a letter is put down. Who it is for, if
/// anybody, is looked up when it is sent. Not more than a few letters an hour go to one address or come from one place.
/// </summary>
public sealed class AskForReset(IDbContextFactory<IdentityDb> identity, ILookupNormalizer normalizer, Tries tries, TimeProvider clock)
{
    private const int MostToAddress = 3;
    private const int MostFromPlace = 20;
    private static readonly TimeSpan _within = TimeSpan.FromHours(1);

    /// <summary>False: that is no e-mail address.</summary>
    /// <param name="culture">The language of the page.</param>
    /// <param name="network">Where the question comes from.</param>
    public async Task<bool> RunAsync(string email, string culture, string network, CancellationToken ct)
    {
        email = email.Trim();
        if (!CreateUser.IsEmail(email))
            return false;
        if (!await tries.CountAsync("reset|" + normalizer.NormalizeEmail(email), MostToAddress, _within, ct) || !await tries.CountAsync("reset||" + network, MostFromPlace, _within, ct))
            return true;
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        db.Letters.Add(new() { Kind = LetterKind.PasswordReset, Email = email, Culture = culture, CreatedAt = now, NextAt = now });
        await db.SaveChangesAsync(ct);
        return true;
    }
}
