using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>The instants at which requests of an account were let go, in order.</summary>
internal sealed class Grants(IReadOnlyList<DateTime> at)
{
    public DateTime First => at[0];

    public DateTime Last => at[^1];

    public int Count => at.Count;

    public static async Task<Dictionary<Guid, Grants>> ReadAsync(Scratch scratch, CancellationToken ct)
    {
        var found = new Dictionary<Guid, List<DateTime>>();
        await using var connection = new NpgsqlConnection(scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select account_id, granted_at from app.attempts order by granted_at", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (!found.TryGetValue(reader.GetGuid(0), out var grants))
                found[reader.GetGuid(0)] = grants = [];
            grants.Add(reader.GetDateTime(1));
        }
        return found.ToDictionary(f => f.Key, f => new Grants(f.Value));
    }

    public int Between(DateTime from, DateTime to) => at.Count(a => a >= from && a < to);

    /// <summary>The most in any second, wherever it begins.</summary>
    public int MostInASecond()
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < at.Count; to++)
        {
            while (at[to] - at[from] >= TimeSpan.FromSeconds(1))
                from++;
            most = Math.Max(most, to - from + 1);
        }
        return most;
    }

    /// <summary>When, after <paramref name="from"/>, a second first had as many as that; null: never.</summary>
    public DateTime? ReachesAgain(DateTime from, int inASecond)
    {
        for (var i = 0; i + inASecond <= at.Count; i++)
        {
            if (at[i] > from && at[i + inASecond - 1] - at[i] <= TimeSpan.FromSeconds(1))
                return at[i];
        }
        return null;
    }
}
