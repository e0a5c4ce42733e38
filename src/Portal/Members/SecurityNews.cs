using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Members;

internal static class SecurityNews
{
    /// <summary>Something about how a person signs in changed: their tenants' audits tell, and they get a letter. In the caller's transaction; saves.</summary>
    public static async Task TellSecurityAsync(this IdentityDb db, Guid user, string action, Origin from, DateTimeOffset now, CancellationToken ct)
    {
        var person = await db.Users.Where(u => u.Id == user).Select(u => new { u.Email, u.Culture }).SingleAsync(ct);
        db.Add(new Letter { Kind = LetterKind.SecurityChanged, Email = person.Email!, Culture = person.Culture ?? CultureInfo.CurrentUICulture.Name, CreatedAt = now, NextAt = now });
        await db.NoteOfPersonAsync(user, action, from, now, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Without app and passkeys nobody is signed in with two factors.</summary>
    public static Task WeakenAsync(this IdentityDb db, Guid user, CancellationToken ct) => db.Sessions
        .Where(s => s.UserId == user && !db.SecondFactors.Any(f => f.UserId == user && f.ConfirmedAt != null) && !db.UserPasskeys.Any(p => p.UserId == user))
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.Strong, false), ct);
}
