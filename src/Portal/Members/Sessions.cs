using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <param name="Ticket">Sealed by whoever kept it.</param>
public sealed record LiveSession(byte[] Ticket, DateTimeOffset ExpiresAt);

/// <summary>The signed-in browsers. What is not here is not signed in, whatever its cookie says.</summary>
public sealed class Sessions(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    /// <summary>A session that nobody uses ends after this.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this, used or not.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>A session with "remember me" ends after this, used or not.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <param name="id">SHA-256 of what the cookie holds.</param>
    public async Task AddAsync(byte[] id, Guid userId, byte[] ticket, bool remember, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(ct);
        db.Sessions.Add(new() { Id = id, UserId = userId, Ticket = ticket, CreatedAt = now, ExpiresAt = now + (remember ? Remembered : Idle) });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The session unless it has ended.</summary>
    public async Task<LiveSession?> FindAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.Where(s => s.Id == id && s.ExpiresAt > now)
            .Select(s => new LiveSession(s.Ticket, s.ExpiresAt)).SingleOrDefaultAsync(ct);
    }

    public async Task<bool> IsAliveAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.AnyAsync(s => s.Id == id && s.ExpiresAt > now, ct);
    }

    /// <summary>Somebody is there: the idle time begins anew. A remembered session, and one at its longest, stay as they are.</summary>
    public async Task TouchAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var idle = now + Idle;
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == id && s.ExpiresAt > now && s.ExpiresAt < idle && s.CreatedAt > now - Longest).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ExpiresAt, s => s.CreatedAt + Longest < idle ? s.CreatedAt + Longest : idle), ct);
    }

    public async Task ReplaceTicketAsync(byte[] id, byte[] ticket, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Ticket, ticket), ct);
    }

    public async Task EndAsync(byte[] id, CancellationToken ct)
    {
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync(ct);
    }
}
