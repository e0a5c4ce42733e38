using Npgsql;
using Portal.Data;

namespace Portal.Dispatch;

/// <summary>Nothing is sent just now.</summary>
/// <param name="Why">A word of <see cref="HoldReason"/>; null: only some instance waits, because of its store.</param>
/// <param name="Trouble">What that instance says of its store.</param>
public sealed record DispatchHold(string? Why, DateTimeOffset Since, string? Trouble, string? TroubleBy);

/// <summary>Whether dispatch is held, for the pages; null when it is not. A delegate, so that a page can be tested without a database.</summary>
public delegate Task<DispatchHold?> AskDispatchHold(CancellationToken ct);

/// <summary>Asks at most every few seconds, however many pages want to know. Nothing of a tenant is in it.</summary>
internal sealed class DispatchHoldNow(Databases databases, TimeProvider clock)
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(5);
    private volatile Answer? _last;

    public async Task<DispatchHold?> RunAsync(CancellationToken ct)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < _every)
            return last.Hold;
        try
        {
            var hold = await ReadAsync(ct);
            _last = new(hold, clock.GetTimestamp());
            return hold;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            // A page that asks this has other things to show; what the database does not answer they say themselves.
            return _last?.Hold;
        }
    }

    private async Task<DispatchHold?> ReadAsync(CancellationToken ct)
    {
        await using var command = databases[DatabaseRole.App].CreateCommand("""
            select held_why, coalesce(held_at, trouble_at), trouble, trouble_by from infra.dispatch_state
            where held_why is not null or (trouble is not null and trouble_at > clock_timestamp() - interval '30 seconds')
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    private static DispatchHold Read(NpgsqlDataReader row) => new(
        row.IsDBNull(0) ? null : row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));

    private sealed record Answer(DispatchHold? Hold, long At);
}
