using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Members;

/// <summary>How often something was tried: a row for each address, place or code that is guessed at.</summary>
public sealed class TryCount
{
    /// <summary>SHA-256 of what is counted: the table names nobody.</summary>
    public required byte[] Key { get; init; }

    public int Count { get; set; }

    /// <summary>Counting begins anew then.</summary>
    public DateTimeOffset ResetsAt { get; set; }
}

/// <summary>
/// Counts attempts before they are looked at: a hundred guesses at the same moment are a hundred guesses. An attempt that is
/// refused is not counted, so that nobody keeps a lock shut by knocking.
/// </summary>
public sealed class Tries(IDbContextFactory<IdentityDb> identity, TimeProvider clock)
{
    /// <summary>False: there were <paramref name="most"/> already, none of them longer ago than <paramref name="within"/> after the last.</summary>
    public async Task<bool> CountAsync(string what, int most, TimeSpan within, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        return await db.Database.ExecuteSqlAsync(
            $"""
            insert into ident.tries as t (key, count, resets_at) values ({KeyOf(what)}, 1, {now + within})
            on conflict (key) do update set count = case when t.resets_at <= {now} then 1 else t.count + 1 end, resets_at = {now + within}
            where t.count < {most} or t.resets_at <= {now}
            """,
            ct) > 0;
    }

    /// <summary>It was right: what was counted against it is forgotten.</summary>
    public async Task ForgetAsync(CancellationToken ct, params string[] whats)
    {
        var keys = whats.Select(KeyOf).ToArray();
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Tries.Where(t => keys.Contains(t.Key)).ExecuteDeleteAsync(ct);
    }

    /// <summary>One attempt was right and counts no longer; the others stay.</summary>
    public async Task GiveBackAsync(string what, CancellationToken ct)
    {
        var key = KeyOf(what);
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Tries.Where(t => t.Key == key && t.Count > 0).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count - 1), ct);
    }

    /// <summary>Deletes what no longer counts.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await identity.CreateDbContextAsync(ct);
        await db.Tries.Where(t => t.ResetsAt <= now).ExecuteDeleteAsync(ct);
    }

    private static byte[] KeyOf(string what) => SHA256.HashData(Encoding.UTF8.GetBytes(what));
}
