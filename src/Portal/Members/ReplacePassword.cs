using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>What a new password brings with it, in the caller's transaction: the sessions end, the audits tell, the person gets a letter.</summary>
internal static class ReplacePassword
{
    /// <param name="keep">The session that goes on: of whoever changes their own password.</param>
    public static async Task ReplaceAsync(this IdentityDb db, IPasswordHasher<User> hasher, User user, string password, string action, byte[]? keep, Origin from, DateTimeOffset now, CancellationToken ct)
    {
        user.PasswordHash = hasher.HashPassword(user, password);
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        db.Add(new Letter { Kind = LetterKind.PasswordChanged, Email = user.Email!, Culture = user.Culture ?? CultureInfo.CurrentUICulture.Name, CreatedAt = now, NextAt = now });
        await db.PasswordResets.Where(r => r.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(s => s.UserId == user.Id && (keep == null || s.Id != keep)).ExecuteDeleteAsync(ct);
        await db.NoteOfPersonAsync(user.Id, action, from, now, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The names that a person's password must not be made of.</summary>
    public static async Task<List<string>> NamesOfAsync(this IdentityDb db, User user, CancellationToken ct)
    {
        var names = await db.Memberships.Where(m => m.UserId == user.Id).Join(db.Tenants, m => m.TenantId, t => t.Id, (_, t) => t.Name).ToListAsync(ct);
        return [user.Email!, user.DisplayName, .. names];
    }
}
