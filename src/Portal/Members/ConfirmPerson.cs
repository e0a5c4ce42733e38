using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>Whether the person of a session showed who they are within the last minutes. A delegate, so that a page can be tested without a database.</summary>
public delegate Task<bool> AskConfirmed(byte[] session, TimeSpan within, CancellationToken ct);

/// <summary>
/// Before secrets, members and the security page a person shows again who they are: by password, or by whatever signs in. It
/// holds for <see cref="Lasts"/>. Wrong passwords count as at sign-in.
/// </summary>
public sealed class ConfirmPerson(IDbContextFactory<IdentityDb> identity, CheckPassword check, TimeProvider clock)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>False: not the password, or too many attempts.</summary>
    public async Task<bool> ByPasswordAsync(Guid userId, byte[] session, string password, string network, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        var email = await db.Users.Where(u => u.Id == userId).Select(u => u.Email!).SingleAsync(ct);
        if (await check.RunAsync(email, password, network, ct) is null)
            return false;
        await NoteAsync(userId, session, strong: false, ct);
        return true;
    }

    /// <summary>The person showed it by a passkey, which is two factors in one: the session counts as signed in with two from then on.</summary>
    public Task ByPasskeyAsync(Guid userId, byte[] session, CancellationToken ct) => NoteAsync(userId, session, strong: true, ct);

    private async Task NoteAsync(Guid userId, byte[] session, bool strong, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == session && s.UserId == userId).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ConfirmedAt, now).SetProperty(s => s.Strong, s => s.Strong || strong), ct);
    }
}
