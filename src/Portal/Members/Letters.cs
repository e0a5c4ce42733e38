using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>What a letter says, for the one who words and sends it.</summary>
/// <param name="Code">Not kept anywhere: the letter alone has it. Null where the kind has none.</param>
/// <param name="Tenant">The company of an invitation.</param>
/// <param name="By">Who invites.</param>
public sealed record LetterContent(LetterKind Kind, string Email, string Culture, string? Code, string? Tenant, string? By, DateTimeOffset? ExpiresAt);

/// <summary>
/// The letters that wait. Taking one puts it off, with a growing delay: whoever sends it deletes it afterwards, and a sender
/// that died leaves it to the next.
/// </summary>
public sealed class Letters(IDbContextFactory<IdentityDb> identity, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>A letter that could not be sent for so long is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan _resetLasts = ResetPassword.CodeLasts;

    public async Task<Letter?> TakeAsync(CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var taken = await db.Letters.FromSql(
            $"""
            update ident.letters set tries = tries + 1, next_at = clock_timestamp() + make_interval(secs => least(15 * power(2, tries), 3600))
            where id = (select l.id from ident.letters l where l.next_at <= clock_timestamp() order by l.next_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(ct);
        return taken.SingleOrDefault();
    }

    public async Task DoneAsync(Letter letter, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Letters.Where(l => l.Id == letter.Id).ExecuteDeleteAsync(ct);
    }

    /// <summary>What to write, with a new code, which makes the one before it worthless. Null: there is nothing to send to anybody.</summary>
    public async Task<LetterContent?> WriteAsync(Letter letter, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        if (letter.CreatedAt < clock.GetUtcNow() - Longest)
            return null;
        var normalized = normalizer.NormalizeEmail(letter.Email);
        var person = await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => new { u.Id, u.Culture }).SingleOrDefaultAsync(ct);
        var culture = person?.Culture ?? letter.Culture;
        return letter.Kind switch
        {
            LetterKind.Invitation => await InviteAsync(db, letter, culture, ct),
            _ when person is null => null,
            LetterKind.PasswordReset => await ResetAsync(db, letter, person.Id, culture, ct),
            _ => new(letter.Kind, letter.Email, culture, null, null, null, null),
        };
    }

    private async Task<LetterContent?> InviteAsync(IdentityDb db, Letter letter, string culture, CancellationToken ct)
    {
        var (code, now) = (MailCode.Make(), clock.GetUtcNow());
        if (await db.Invitations.SingleOrDefaultAsync(i => i.Id == letter.InvitationId && i.ExpiresAt > now, ct) is not { } invitation)
            return null;
        invitation.CodeHash = MailCode.HashOf(code);
        await db.SaveChangesAsync(ct);
        var tenant = await db.Tenants.Where(t => t.Id == invitation.TenantId).Select(t => t.Name).SingleAsync(ct);
        var by = await db.Users.Where(u => u.Id == invitation.InvitedBy).Select(u => u.DisplayName != "" ? u.DisplayName : u.Email).SingleAsync(ct);
        return new(letter.Kind, invitation.Email, culture, code, tenant, by, invitation.ExpiresAt);
    }

    private async Task<LetterContent> ResetAsync(IdentityDb db, Letter letter, Guid user, string culture, CancellationToken ct)
    {
        var (code, until) = (MailCode.Make(), clock.GetUtcNow() + _resetLasts);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into ident.password_resets (user_id, code_hash, expires_at) values ({user}, {MailCode.HashOf(code)}, {until})
            on conflict (user_id) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at
            """,
            ct);
        return new(letter.Kind, letter.Email, culture, code, null, null, until);
    }
}
