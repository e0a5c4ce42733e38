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

    // From the lease's end to the other's first request. On a machine of its own it is under a second (bench dispatch holds 2 s
    // to the whole rate); this run stands beside the browser's tests on two processors, where everything takes a few times
    // as long. Who waits for the sleeper's next word, as for a row that it keeps locked, waits longer than this.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2 * LeaseSeconds);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

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
        string Tails() => first.Tail + "\n" + second.Tail;
        var (holder, other) = (first, second);
        var (open, takeovers) = (new HashSet<string>(StringComparer.Ordinal), new List<TimeSpan>());
        for (var tries = 0; takeovers.Count < rounds && tries < 2 * (rounds + 1); tries++)
        {
            await stage.AdvanceAsync(between, () => "The senders do not get on:\n" + Tails(), ct);
            if (await SleepAsync(stage, holder, open, () => "Nobody takes over:\n" + Tails(), ct) is { } takeover)
            {
                takeovers.Add(takeover);
                if (!options.Json)
                    Console.WriteLine($"round {takeovers.Count}: the other sent {takeover.TotalMilliseconds:N0} ms after the lease's end, the sleeper woke up; {open.Count} requests were open at the stops so far");
            }
            // It is the other one that holds the lease: now, or all the time.
            (holder, other) = (other, holder);
        }
        await stage.FinishAsync(() => "The sending does not end:\n" + Tails(), ct);
        var verdict = await Judge.RunAsync("stop-sender", stage, open.Count, "requests open at the stops", ct);
        verdict.Must("rounds in which the other took over", takeovers.Count, rounds);
        verdict.Must("the longest takeover, ms from the lease's end", (long)takeovers.DefaultIfEmpty().Max().TotalMilliseconds, (long)_longest.TotalMilliseconds, atMost: true);
        verdict.Must("senders that still run", (first.Running ? 1 : 0) + (second.Running ? 1 : 0), 2);
        return verdict.Print(options.Json);
    }

    /// <returns>How long after the lease's end the other began to send, by the database's clock. Null: this one did not hold the lease.</returns>
    private static async Task<TimeSpan?> SleepAsync(Stage stage, Child sender, HashSet<string> open, Func<string> complaint, CancellationToken ct)
    {
        await sender.SignalAsync("STOP", ct);
        var asleep = TimeProvider.System.GetTimestamp();
        try
        {
            var before = await stage.Books.OpenRequestsAsync(ct);
            if (await EndAsync(stage, ct) is not { } end)
                return null;
            DateTime? again = null;
            await Wait.UntilAsync(async c => (again = await stage.Books.BeginsAfterAsync(end.Fence, c)) is not null, _patience, complaint, ct);
            open.UnionWith(before);
            var left = _sleep - TimeProvider.System.GetElapsedTime(asleep);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, ct);
            return again - end.Until;
        }
        finally
        {
            await sender.SignalAsync("CONT", ct);
        }
    }

    /// <summary>Waits until the lease is over. Null: somebody else renews it, or gave it back; one renewal may have been under way at the stop.</summary>
    private static async Task<LeaseRow?> EndAsync(Stage stage, CancellationToken ct)
    {
        var (seen, renewals) = (await stage.LeaseAsync(ct), 0);
        while (!seen.Over)
        {
            await Task.Delay(50, ct);
            var now = await stage.LeaseAsync(ct);
            if (now.Fence != seen.Fence)
                break;
            if (now.Until != seen.Until && ++renewals > 1)
                return null;
            seen = now;
        }
        return seen.Until == DateTime.MinValue ? null : seen;
    }
}
