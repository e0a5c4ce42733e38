using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// A sender that is stopped by SIGTERM while it still starts, at one moment after the other; then two in mid-campaign, stopped
/// and started again one after the other, as a deployment does; and the provider's ledger as judge: no request may be cut off,
/// so nobody is in doubt and nobody has it twice.
/// </summary>
internal static class RollingRestart
{
    private const int LatencyMs = 1000;
    private const int TimeoutSeconds = 10;
    private const int Batch = 10;
    private static readonly int[] _earlyMs = [800, 1100, 1400, 1800, 2300, 2900, 3600];
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _stop = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (rounds, rate) = (options.Number("rounds", 5), options.Number("rate", 20));
        var numbers = options.Number("numbers", (rounds * 2 * 8 + _earlyMs.Length * 2) * rate * Batch);
        await using var scratch = await Scratch.CreateAsync(ct);
        await using var provider = await Provider.StartAsync(LatencyMs, rate * 2, ct);
        await using var bench = new ProductRig(scratch, TimeoutSeconds);
        var owner = await bench.TenantAsync(ct);
        var account = await bench.AccountAsync(owner, provider, rate, Batch, ct);
        var sending = await bench.SendingAsync(owner, account, numbers, Batch, ct);
        var books = new Books(bench.Databases, owner, sending);

        var failed = 0;
        foreach (var after in _earlyMs)
        {
            await using var early = Start(scratch);
            await Task.Delay(after, ct);
            failed += await StopAsync(early, orKilled: true);
        }
        Child[] senders = [Start(scratch), Start(scratch)];
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < senders.Length; i++)
                {
                    var (sender, before) = (senders[i], await books.BatchesAsync("accepted", ct));
                    await Wait.UntilAsync(async c => await books.BatchesAsync("accepted", c) >= before + 10 && (await books.OpenRequestsAsync(c)).Length > 0,
                        _patience, () => "The senders do not get on:\n" + sender.Tail, ct);
                    failed += await StopAsync(sender, orKilled: false);
                    await sender.DisposeAsync();
                    senders[i] = Start(scratch);
                }
                if (!options.Json)
                    Console.WriteLine($"round {round + 1}: {await books.BatchesAsync("accepted", ct)} batches accepted, {await books.BatchesAsync("planned", ct)} left");
            }
            await Wait.UntilAsync(async c => await books.BatchesAsync("planned,claimed,dispatching", c) == 0, _patience, () => "The sending does not end:\n" + senders[0].Tail, ct);
        }
        finally
        {
            foreach (var sender in senders)
                await sender.DisposeAsync();
        }
        return (await JudgeAsync(provider, books, numbers, failed, _earlyMs.Length + rounds * senders.Length, ct)).Print(options.Json);
    }

    /// <param name="orKilled">The signal may come before there is anybody to hear it.</param>
    /// <returns>How many failed: 0 or 1.</returns>
    private static async Task<int> StopAsync(Child sender, bool orKilled)
    {
        var code = await sender.StopAsync(_stop);
        if (code == 0 || (orKilled && code == Child.Terminated))
            return 0;
        await Console.Error.WriteLineAsync($"An instance ended with {code}:\n{sender.Tail}");
        return 1;
    }

    private static Child Start(Scratch scratch)
    {
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        var settings = scratch.Settings(TimeoutSeconds);
        settings["Portal:PublicAddress"] = address;
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Child.Start(Scratch.Required("PORTAL_BIN_WEB"), ["--urls", address], settings);
    }

    private static async Task<Verdict> JudgeAsync(Provider provider, Books books, int numbers, int failed, int restarts, CancellationToken ct)
    {
        var ledger = await provider.NumbersAsync(ct);
        var states = await books.StatesAsync(ct);
        var verdict = new Verdict("rolling-restart");
        verdict.Figure("numbers", numbers);
        verdict.Figure("restarts", restarts);
        verdict.Must("instances that did not end by themselves with code 0", failed, 0);
        verdict.Must("doubled: numbers more than once in the provider's ledger", ledger.Count(n => n.Value > 1), 0);
        verdict.Must("in doubt", states.Count(s => s.Value == "in_doubt"), 0);
        verdict.Must("accepted", states.Count(s => s.Value == "accepted"), numbers);
        verdict.Must("lost: accepted, not in the ledger", states.Count(s => s.Value == "accepted" && !ledger.ContainsKey(s.Key)), 0);
        return verdict;
    }
}
