using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Kills the sending process again and again in the middle of a campaign, each time at least forty batches after it was
/// started again, and holds the portal's books against the provider's ledger.
/// </summary>
internal static class KillSender
{
    private const int LatencyMs = 200;
    private const int TimeoutSeconds = 5;
    private const int BatchesBetweenKills = 40;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (numbers, batch, rate, kills) = (options.Number("numbers", 10_000), options.Number("batch", 10), options.Number("rate", 20), options.Number("kills", 10));
        if (numbers / batch < (kills + 1) * BatchesBetweenKills)
            throw new OptionException($"{kills} kills, each {BatchesBetweenKills} batches after the last, need at least {(kills + 1) * BatchesBetweenKills} batches.");

        await using var scratch = await Scratch.CreateAsync(ct);
        await using var provider = await Provider.StartAsync(LatencyMs, rate * 2, ct);
        await using var bench = new Bench(scratch, TimeoutSeconds);
        var owner = await bench.TenantAsync(ct);
        var account = await bench.AccountAsync(owner, provider, rate, batch, ct);
        var sending = await bench.SendingAsync(owner, account, numbers, batch, ct);
        var books = new Books(bench.Databases, owner, sending);

        // A set: what an earlier kill left open may not be settled yet at the next one.
        var open = new HashSet<string>(StringComparer.Ordinal);
        for (var kill = 0; kill < kills; kill++)
        {
            var done = await KillOnceAsync(scratch, books, open, ct);
            if (!options.Json)
                Console.WriteLine($"kill {kill + 1}: after {done} batches, {open.Count} requests were cut off so far");
        }
        await FinishAsync(scratch, books, ct);
        return (await JudgeAsync(provider, books, numbers, batch, open.Count, ct)).Print(options.Json);
    }

    /// <returns>The batches done by then; adds the requests that stood open when the process died.</returns>
    private static async Task<long> KillOnceAsync(Scratch scratch, Books books, HashSet<string> open, CancellationToken ct)
    {
        await using var sender = Start(scratch);
        var before = await books.BatchesAsync("accepted,refused", ct);
        await Wait.UntilAsync(async c => await books.BatchesAsync("accepted,refused", c) >= before + BatchesBetweenKills && (await books.OpenRequestsAsync(c)).Length > 0,
            _patience, () => "The sender does not get on:\n" + sender.Tail, ct);
        await sender.KillAsync();
        open.UnionWith(await books.OpenRequestsAsync(ct));
        return await books.BatchesAsync("accepted,refused", ct);
    }

    private static async Task FinishAsync(Scratch scratch, Books books, CancellationToken ct)
    {
        await using var sender = Start(scratch);
        await Wait.UntilAsync(async c => await books.BatchesAsync("planned,claimed,dispatching", c) == 0, _patience, () => "The sending does not end:\n" + sender.Tail, ct);
    }

    private static Child Start(Scratch scratch)
    {
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        var settings = scratch.Settings(TimeoutSeconds);
        settings["Portal:Roles"] = "worker";
        settings["Portal:PublicAddress"] = address;
        settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Child.Start(Scratch.Required("PORTAL_BIN_WEB"), ["--urls", address], settings);
    }

    private static async Task<Verdict> JudgeAsync(Provider provider, Books books, int numbers, int batch, long open, CancellationToken ct)
    {
        var ledger = await provider.NumbersAsync(ct);
        var states = await books.StatesAsync(ct);
        var (messages, counts) = await books.ShownAsync(ct);
        long Count(params string[] of) => states.Count(s => of.Contains(s.Value));
        bool IsIn(string number) => ledger.ContainsKey(number);

        var verdict = new Verdict("kill-sender");
        verdict.Figure("numbers", numbers);
        verdict.Must("doubled: numbers more than once in the provider's ledger", ledger.Count(n => n.Value > 1), 0);
        verdict.Must("planned + accepted + refused + in doubt + skipped", Count("planned", "claimed", "dispatching", "accepted", "refused", "in_doubt", "skipped"), numbers);
        verdict.Must("lost: people with no state at all", numbers - states.Count + Count("none"), 0);
        verdict.Must("called accepted, not in the ledger", states.Count(s => s.Value == "accepted" && !IsIn(s.Key)), 0);
        verdict.Must("called refused or planned, yet in the ledger", states.Count(s => s.Value is "refused" or "planned" or "claimed" && IsIn(s.Key)), 0);
        verdict.Must("in the ledger, not in our books", ledger.Keys.Count(n => !states.ContainsKey(n)), 0);
        verdict.Figure("requests open at the kills", open);
        verdict.Must("in doubt: at most requests open at the kills × batch", Count("in_doubt"), open * batch, atMost: true);
        verdict.Must("in doubt, shown on the page", counts.InDoubt, Count("in_doubt"));
        verdict.Must("accepted, shown on the page", counts.Accepted, Count("accepted"));
        verdict.Must("waiting, shown on the page", messages - counts.Accepted - counts.Refused - counts.InDoubt - counts.Dropped - counts.Cancelled, 0);
        verdict.Figure("of those in doubt, in the ledger", states.Count(s => s.Value == "in_doubt" && IsIn(s.Key)));
        return verdict;
    }
}
