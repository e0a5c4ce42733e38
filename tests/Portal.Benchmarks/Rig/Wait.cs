namespace Portal.Benchmarks.Rig;

internal static class Wait
{
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
}
