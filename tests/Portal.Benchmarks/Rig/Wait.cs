using Npgsql;

namespace Portal.Benchmarks.Rig;

internal static class Wait
{
    private static readonly TimeSpan _outage = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidOperationException">It did not come true in time.</exception>
    public static async Task UntilAsync(Func<CancellationToken, Task<bool>> holds, TimeSpan atMost, Func<string> complaint, CancellationToken ct)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds(ct))
        {
            if (TimeProvider.System.GetElapsedTime(start) > atMost)
                throw new InvalidOperationException(complaint());
            await Task.Delay(50, ct);
        }
    }

    /// <summary>The same, while the database may be away.</summary>
    public static Task ThroughOutagesAsync(Func<CancellationToken, Task<bool>> holds, TimeSpan atMost, Func<string> complaint, CancellationToken ct) => UntilAsync(
        async c =>
        {
            try
            {
                return await holds(c);
            }
            catch (Exception e) when (IsOutage(e))
            {
                return false;
            }
        }, atMost, complaint, ct);

    /// <summary>Asks until the database answers.</summary>
    public static async Task<T> AnswerAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask(ct);
            }
            catch (Exception e) when (IsOutage(e) && TimeProvider.System.GetElapsedTime(start) < _outage)
            {
                await Task.Delay(50, ct);
            }
        }
    }

    private static bool IsOutage(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException || (e.InnerException is { } inner && IsOutage(inner));
}
