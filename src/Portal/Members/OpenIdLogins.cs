using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>Who a provider of OpenID Connect says that somebody is: checked by the host, which knows the provider.</summary>
/// <param name="Email">Null: it told none, or does not vouch for it.</param>
public sealed record OpenIdAccount(string Issuer, string Subject, string? Email, string Name);

/// <summary>A link between a person's sign-in and their account at the provider.</summary>
/// <param name="Email">As it was when they were linked.</param>
public sealed record OpenIdRow(string Key, string Email);

/// <summary>
/// Links between people and their accounts at a provider of OpenID Connect. An account is known by issuer and subject together and
/// by nothing else: an e-mail address can change hands. Problems of linking: <c>openid_other</c> (another address than the person's,
/// or one that nobody vouches for), <c>openid_taken</c>.
/// </summary>
public sealed class OpenIdLogins(IDbContextFactory<IdentityDb> identity, ILookupNormalizer normalizer, TimeProvider clock)
{
    private const string Provider = "openid";

    /// <summary>Whose account it is; null: nobody's.</summary>
    public async Task<SignedIn?> FindAsync(OpenIdAccount account, CancellationToken ct)
    {
        var key = KeyOf(account);
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.UserLogins.Where(l => l.LoginProvider == Provider && l.ProviderKey == key)
            .Join(db.Users, l => l.UserId, u => u.Id, (_, u) => new SignedIn(u.Id, u.Email!, u.SecurityStamp ?? "")).SingleOrDefaultAsync(ct);
    }

    /// <summary>Whether somebody signs in with the address that the provider vouches for.</summary>
    public async Task<bool> HasPersonAsync(OpenIdAccount account, CancellationToken ct)
    {
        if (Normalized(account) is not { } email)
            return false;
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Users.AnyAsync(u => u.NormalizedEmail == email, ct);
    }

    public async Task<IReadOnlyList<OpenIdRow>> OfAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.UserLogins.Where(l => l.UserId == userId && l.LoginProvider == Provider).OrderBy(l => l.ProviderDisplayName)
            .Select(l => new OpenIdRow(l.ProviderKey, l.ProviderDisplayName ?? "")).ToListAsync(ct);
    }

    /// <summary>Links the account to a person who is signed in and has just shown who they are: the page asks that first.</summary>
    public async Task<Result<Guid>> LinkAsync(Guid userId, OpenIdAccount account, Origin from, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var email = Normalized(account);
        if (email is null || !await db.Users.AnyAsync(u => u.Id == userId && u.NormalizedEmail == email, ct))
            return new Problem("", "openid_other");
        db.UserLogins.Add(RowOf(userId, account));
        try
        {
            await db.TellSecurityAsync(userId, AuditActions.OpenIdLinked, from, clock.GetUtcNow(), ct);
            await transaction.CommitAsync(ct);
            return userId;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new Problem("", "openid_taken");
        }
    }

    public async Task UnlinkAsync(Guid userId, string key, Origin from, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.UserLogins.Where(l => l.UserId == userId && l.LoginProvider == Provider && l.ProviderKey == key).ExecuteDeleteAsync(ct) == 0)
            return;
        await db.TellSecurityAsync(userId, AuditActions.OpenIdUnlinked, from, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
    }

    internal static IdentityUserLogin<Guid> RowOf(Guid userId, OpenIdAccount account) =>
        new() { LoginProvider = Provider, ProviderKey = KeyOf(account), ProviderDisplayName = account.Email, UserId = userId };

    internal string? Normalized(OpenIdAccount account) => account.Email is { Length: > 0 } email ? normalizer.NormalizeEmail(email.Trim()) : null;

    // A subject may be longer than the column; of two providers each has its own, whatever it calls its people.
    private static string KeyOf(OpenIdAccount account) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Issuer.Length}|{account.Issuer}|{account.Subject}")));
}
