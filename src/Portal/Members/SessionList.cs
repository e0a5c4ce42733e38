using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <param name="Device">As the browser named itself.</param>
/// <param name="This">The one that asks.</param>
public sealed record SessionRow(byte[] Id, string Device, string Network, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, bool This);

/// <summary>The browsers in which a person is signed in, to be seen and ended by that person.</summary>
public sealed class SessionList(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    public async Task<IReadOnlyList<SessionRow>> OfAsync(Guid userId, byte[] session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.Where(s => s.UserId == userId && s.ExpiresAt > now).OrderByDescending(s => s.LastUsedAt)
            .Select(s => new SessionRow(s.Id, s.Device, s.Network, s.CreatedAt, s.LastUsedAt, s.ExpiresAt, s.Id == session)).ToListAsync(ct);
    }

    public async Task EndAsync(Guid userId, byte[] id, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.UserId == userId && s.Id == id).ExecuteDeleteAsync(ct);
    }

    public async Task EndOthersAsync(Guid userId, byte[] session, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.UserId == userId && s.Id != session).ExecuteDeleteAsync(ct);
    }
}
