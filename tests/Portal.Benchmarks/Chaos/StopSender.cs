using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Two senders. The one that holds the account's lease is put to sleep (SIGSTOP) with requests open, for three lengths of
/// the lease; the other takes over; then the sleeper wakes up (SIGCONT) with everything that it believed to hold.
/// </summary>
internal static class StopSender
{
    private const int LeaseSeconds = 3;
    private static readonly TimeSpan _sleep = TimeSpan.FromSeconds(3 * LeaseSeconds);
    private static readonly TimeSpan _tooLong = TimeSpan.FromSeconds(2 * LeaseSeconds);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        // A time-out below three leases: what the sleeper had open is called in doubt while it sleeps.
        var plan = StagePlan.Read(options, numbers: 10_000, batch: 10, rate: 20, timeoutSeconds: 2);
        var (rounds, between) = (options.Number("rounds", 3), options.Number("between", 20));
        var needed = (rounds + 1) * (between + plan.Rate * (3 * LeaseSeconds + 2));
        if (plan.Numbers / plan.Batch < needed)
            throw new OptionException($"{rounds} rounds at {plan.Rate} requests a second need at least {needed} batches.");
        await using var stage = await Stage.SetAsync(plan, ct);
        await using var first = stage.Send();
        await using var second = stage.Send();
        var (holder, other) = (first, second);
        var open = new HashSet<string>(StringComparer.Ordinal);
        var takenOver = 0;
        for (var round = 0; round < rounds; round++)
        {
            await stage.AdvanceAsync(between, () => "The senders do not get on:\n" + first.Tail + "\n" + second.Tail, ct);
            if (!await SleepAsync(stage, holder, open, ct))
            {
                // It was the other one that held the lease.
                (holder, other) = (other, holder);
                await stage.AdvanceAsync(between, () => "The senders do not get on:\n" + first.Tail + "\n" + second.Tail, ct);
                if (!await SleepAsync(stage, holder, open, ct))
                    continue;
            }
            takenOver++;
            if (!options.Json)
                Console.WriteLine($"round {round + 1}: the other took over, the sleeper woke up; {open.Count} requests were open at the stops so far");
            (holder, other) = (other, holder);
        }
        await stage.FinishAsync(() => "The sending does not end:\n" + first.Tail + "\n" + second.Tail, ct);
        var verdict = await Judge.RunAsync("stop-sender", stage, open.Count, "requests open at the stops", ct);
        verdict.Must("rounds in which the other took over", takenOver, rounds);
        verdict.Must("senders that still run", (first.Running ? 1 : 0) + (second.Running ? 1 : 0), 2);
        return verdict.Print(options.Json);
    }

    /// <summary>False: this one did not hold the lease, which is seen by nobody taking it over.</summary>
    private static async Task<bool> SleepAsync(Stage stage, Child sender, HashSet<string> open, CancellationToken ct)
    {
        var fence = await stage.Books.FenceAsync(ct);
        await sender.SignalAsync("STOP", ct);
        var asleep = TimeProvider.System.GetTimestamp();
        try
        {
            var before = await stage.Books.OpenRequestsAsync(ct);
            while (await stage.Books.FenceAsync(ct) == fence)
            {
                if (TimeProvider.System.GetElapsedTime(asleep) > _tooLong)
                    return false;
                await Task.Delay(100, ct);
            }
            open.UnionWith(before);
            var left = _sleep - TimeProvider.System.GetElapsedTime(asleep);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, ct);
            return true;
        }
        finally
        {
            await sender.SignalAsync("CONT", ct);
        }
    }
}
