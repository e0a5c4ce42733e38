using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Data;

namespace Portal.Members;

/// <summary>
/// Ends every session of a person and nothing else, by an operator of the machine: for a browser that was lost or a cookie that was
/// stolen. How the person signs in stays as it is. Their tenants' audits and a letter tell.
/// </summary>
public sealed class EndSessions(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    /// <returns>The address and how many sessions there were; null: nobody signs in with it.</returns>
    public async Task<(string Email, int Sessions)?> RunAsync(string normalizedEmail, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Users.Where(u => u.NormalizedEmail == normalizedEmail).Select(u => new { u.Id, u.Email }).SingleOrDefaultAsync(ct) is not { } user)
            return null;
        var now = clock.GetUtcNow();
        var open = await db.Sessions.CountAsync(s => s.UserId == user.Id && s.ExpiresAt > now, ct);
        await db.Sessions.Where(s => s.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.TellSecurityAsync(user.Id, AuditActions.SessionsEnded, Origin.Console, now, ct);
        await transaction.CommitAsync(ct);
        return (user.Email!, open);
    }
}
