using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <param name="Ticket">Sealed by whoever kept it.</param>
public sealed record LiveSession(byte[] Ticket, DateTimeOffset ExpiresAt, DateTimeOffset LastUsedAt);

/// <param name="Remember">It outlives the browser.</param>
/// <param name="Strong">Signed in with two factors, or by a passkey.</param>
public sealed record SessionFacts(bool Remember, bool Strong = false, string Device = "", string Network = "");

/// <summary>Whether a session has not ended. A delegate, so that a circuit can be tested without a database.</summary>
public delegate Task<bool> AskAlive(byte[] session, CancellationToken ct);

/// <summary>Whether a session was signed in with two factors. A delegate, so that a page can be tested without a database.</summary>
public delegate Task<bool> AskStrong(byte[] session, CancellationToken ct);

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
    public async Task AddAsync(byte[] id, Guid userId, byte[] ticket, SessionFacts facts, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        // Each sign-in sweeps what has ended.
        await db.Sessions.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.Tries.Where(t => t.ResetsAt < now).ExecuteDeleteAsync(ct);
        db.Sessions.Add(new()
        {
            Id = id,
            UserId = userId,
            Ticket = ticket,
            CreatedAt = now,
            ExpiresAt = now + (facts.Remember ? Remembered : Idle),
            LastUsedAt = now,
            ConfirmedAt = now,
            Strong = facts.Strong,
            Device = facts.Device,
            Network = facts.Network,
        });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The session unless it has ended.</summary>
    public async Task<LiveSession?> FindAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.Where(s => s.Id == id && s.ExpiresAt > now)
            .Select(s => new LiveSession(s.Ticket, s.ExpiresAt, s.LastUsedAt)).SingleOrDefaultAsync(ct);
    }

    public async Task<bool> IsAliveAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.AnyAsync(s => s.Id == id && s.ExpiresAt > now, ct);
    }

    public async Task<bool> IsStrongAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.AnyAsync(s => s.Id == id && s.ExpiresAt > now && s.Strong, ct);
    }

    /// <summary>Whether the person showed who they are within that time.</summary>
    public async Task<bool> IsConfirmedAsync(byte[] id, TimeSpan within, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Sessions.AnyAsync(s => s.Id == id && s.ExpiresAt > now && s.ConfirmedAt > now - within, ct);
    }

    /// <summary>Somebody is there: the idle time begins anew. A remembered session, and one at its longest, stay as they are.</summary>
    public async Task TouchAsync(byte[] id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var idle = now + Idle;
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == id && s.ExpiresAt > now).ExecuteUpdateAsync(
            set => set
                .SetProperty(s => s.LastUsedAt, now)
                .SetProperty(s => s.ExpiresAt, s => s.ExpiresAt >= idle || s.CreatedAt <= now - Longest ? s.ExpiresAt : s.CreatedAt + Longest < idle ? s.CreatedAt + Longest : idle),
            ct);
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
