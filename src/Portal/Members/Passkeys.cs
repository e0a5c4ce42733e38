using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

public sealed record PasskeyRow(byte[] Id, string Name, DateTimeOffset CreatedAt);

/// <summary>
/// A person's passkeys. What a browser answered was checked before by the host, which knows the site; here it is kept. The page
/// asks the person to confirm that it is they.
/// </summary>
public sealed class Passkeys(IDbContextFactory<IdentityDb> identity, UserManager<User> users, TimeProvider clock)
{
    public const int Most = 20;
    public const int MaxName = 60;

    public async Task<IReadOnlyList<PasskeyRow>> OfAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var passkeys = await db.UserPasskeys.Where(p => p.UserId == userId).AsNoTracking().ToListAsync(ct);
        return [.. passkeys.Select(p => new PasskeyRow(p.CredentialId, p.Data.Name ?? "", p.Data.CreatedAt)).OrderBy(p => p.CreatedAt)];
    }

    /// <summary>Problem at <c>Name</c>: <c>passkeys_many</c>. The session that did it counts as signed in with two factors.</summary>
    public async Task<Result<Guid>> AddAsync(Guid userId, byte[] session, UserPasskeyInfo passkey, string name, Origin from, CancellationToken ct)
    {
        if ((await OfAsync(userId, ct)).Count >= Most)
            return new Problem("Name", "passkeys_many", Most);
        passkey.Name = name.Trim() is { Length: > 0 } typed ? typed[..Math.Min(typed.Length, MaxName)] : null;
        await SaveAsync(userId, passkey);
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Sessions.Where(s => s.Id == session && s.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(s => s.Strong, true), ct);
        await db.TellSecurityAsync(userId, AuditActions.PasskeyAdded, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return userId;
    }

    /// <summary>Keeps what a sign-in told of a passkey: its counter.</summary>
    public async Task<SignedIn> UsedAsync(Guid userId, UserPasskeyInfo passkey)
    {
        await SaveAsync(userId, passkey);
        var user = await users.FindByIdAsync(userId.ToString());
        return new(userId, user!.Email!, user.SecurityStamp ?? "");
    }

    public async Task RemoveAsync(Guid userId, byte[] id, Origin from, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.UserPasskeys.Where(p => p.UserId == userId && p.CredentialId == id).ExecuteDeleteAsync(ct) == 0)
            return;
        await db.WeakenAsync(userId, ct);
        await db.TellSecurityAsync(userId, AuditActions.PasskeyRemoved, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
    }

    private async Task SaveAsync(Guid userId, UserPasskeyInfo passkey)
    {
        var user = await users.FindByIdAsync(userId.ToString()) ?? throw new InvalidOperationException("A passkey belongs to a person.");
        var result = await users.AddOrUpdatePasskeyAsync(user, passkey);
        if (!result.Succeeded)
            throw new InvalidOperationException("The passkey was not kept: " + string.Join(' ', result.Errors.Select(e => e.Code)));
    }
}
