using System.Globalization;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// How exactly and how fast the loops send: the limit used and never passed by one account and by thirty, on one, two and
/// four instances; a slow provider; a million numbers; a small tenant beside a huge one; an instance that is killed; and the
/// most batches a second beside <c>pgbench</c>'s single-row UPDATE on the same machine, in the same run.
/// </summary>
internal static class DispatchBench
{
    private const int LatencyMs = 300;
    private const int WarmUpSeconds = 5;
    private const int WarmUpBatches = 1000;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (seconds, table) = (options.Number("seconds", 60), new Table("dispatch", options.Json));
        var only = options.Text("only");
        async Task PartAsync(string name, Func<Task> part)
        {
            if (only is not null && only != name)
                return;
            await Console.Error.WriteLineAsync(name + " …");
            await part();
        }

        foreach (var instances in (int[])[1, 2, 4])
            await PartAsync($"one-{instances}", () => LimitAsync(table, $"1 account at 100/s, {instances} instance(s)", 1, 100, instances, LatencyMs, seconds, ct));
        await PartAsync("thirty", () => LimitAsync(table, "30 accounts at 10/s, 2 instances", 30, 10, 2, LatencyMs, seconds, ct));
        // Nothing is promised of it: what one account makes of a limit that this machine may not carry.
        await PartAsync("fast", () => LimitAsync(table, "1 account at 400/s, 1 instance", 1, 400, 1, latencyMs: 200, seconds, ct, goal: ""));
        await PartAsync("slow", () => SlowAsync(table, seconds, ct));
        await PartAsync("million", () => MillionAsync(table, options.Number("recipients", 1_000_000), ct));
        await PartAsync("fair", () => DispatchFairness.RunAsync(table, options.Number("recipients", 1_000_000), ct));
        await PartAsync("killed", () => KilledAsync(table, ct));
        var ratio = 0.0;
        await PartAsync("most", async () => ratio = await MostAsync(table, ct));
        table.Print(ratio, "batches a second ÷ pgbench single-row UPDATE");
        return 0;
    }

    private static async Task LimitAsync(Table table, string name, int accounts, int rate, int instances, int latencyMs, int seconds, CancellationToken ct, string goal = "≥ 98.5")
    {
        await using var scene = await DispatchScene.CreateAsync(latencyMs, ct);
        await SendAsync(scene, accounts, rate, concurrency: 100, rate * (seconds + WarmUpSeconds + 3), ct);
        for (var i = 0; i < instances; i++)
            scene.StartSender();
        await scene.UntilBegunAsync((long)accounts * rate * (seconds + WarmUpSeconds + 1), _patience, ct);
        var (used, over, arrivals) = (new List<double>(), 0, 0);
        var grants = await Grants.ReadAsync(scene.Scratch, ct);
        foreach (var line in scene.Lines)
        {
            var mine = grants[line.Account];
            var from = mine.First.AddSeconds(WarmUpSeconds);
            used.Add(100.0 * mine.Between(from, from.AddSeconds(seconds)) / (rate * (double)seconds));
            over = Math.Max(over, mine.MostInASecond() - rate);
            arrivals = Math.Max(arrivals, await scene.Provider.MostArrivalsAsync(line.ApiKey, ct) - rate);
        }
        table.Add($"{name}: limit used, average", used.Average(), "%", goal);
        table.Add($"{name}: limit used, the lowest", used.Min(), "%", goal);
        table.Add($"{name}: over the limit in any second granted", Math.Max(0, over), "requests", "0");
        table.Add($"{name}: over the limit in any second of arrivals", Math.Max(0, arrivals), "requests", "≤ 2");
    }

    private static async Task SlowAsync(Table table, int seconds, CancellationToken ct)
    {
        const int Latency = 1500;
        await using var scene = await DispatchScene.CreateAsync(Latency, ct);
        await SendAsync(scene, 1, 100, concurrency: 100, 70 * (seconds + 10), ct);
        scene.StartSender();
        await scene.UntilBegunAsync(64L * (seconds + 4), _patience, ct);
        var grants = (await Grants.ReadAsync(scene.Scratch, ct)).Values.Single();
        var from = grants.First.AddSeconds(4);
        var reached = grants.Between(from, from.AddSeconds(seconds - 4)) / (seconds - 4.0);
        table.Add("latency 1.5 s, 100 open: requests a second", reached, "1/s", (100 / 1.5).ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static async Task MillionAsync(Table table, int recipients, CancellationToken ct)
    {
        await using var scene = await DispatchScene.CreateAsync(LatencyMs, ct);
        var line = await scene.AddAsync(100, 1000, 100, ct);
        var list = await scene.Rig.ListAsync(line.Owner, recipients, ct);
        scene.StartSender();
        // So that nothing is measured that a running portal has behind it: its code is compiled for good only after some use.
        await scene.Rig.SendingAsync(line.Owner, line.Account, await scene.Rig.ListAsync(line.Owner, WarmUpBatches * 100, ct), 100, ct);
        await scene.UntilBegunAsync(WarmUpBatches, _patience, ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        var due = TimeProvider.System.GetUtcNow().UtcDateTime;
        await scene.Rig.SendingAsync(line.Owner, line.Account, list, 1000, ct);
        // It cannot be over before, and asking costs those who are measured.
        await Task.Delay(TimeSpan.FromSeconds(recipients / 100_000.0), ct);
        await scene.UntilBegunAsync(WarmUpBatches + (recipients / 1000), _patience, ct);
        var first = await scene.OneAsync<DateTime>($"select granted_at from app.attempts where granted_at > '{due:O}' order by granted_at limit 1", ct);
        var last = await scene.OneAsync<DateTime>("select max(granted_at) from app.attempts", ct);
        table.Add($"{recipients:N0} numbers, 1000 a batch: to the first request", (first - due).TotalMilliseconds, "ms", "≤ 500");
        table.Add($"{recipients:N0} numbers, 1000 a batch: to the last request", (last - due).TotalSeconds, "s");
        table.Add($"{recipients:N0} numbers, 1000 a batch: ÷ the limit's floor", (last - due).TotalSeconds / (recipients / 100_000.0), "×", "≤ 1.10");
    }

    private static async Task KilledAsync(Table table, CancellationToken ct)
    {
        await using var scene = await DispatchScene.CreateAsync(LatencyMs, ct);
        await SendAsync(scene, 1, 100, concurrency: 100, 100 * 25, ct);
        var first = scene.StartSender();
        await scene.UntilBegunAsync(300, _patience, ct);
        scene.StartSender();
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        await first.KillAsync();
        var over = await scene.OneAsync<DateTime>("select until from infra.leases", ct);
        await scene.UntilBegunAsync(100 * 24, _patience, ct);
        var grants = (await Grants.ReadAsync(scene.Scratch, ct)).Values.Single();
        var again = grants.ReachesAgain(over, 95) ?? throw new InvalidOperationException("The rate never came back.");
        table.Add("a killed instance: from the lease's end to 95 % of the rate", (again - over).TotalSeconds, "s", "≤ 2");
        table.Add("a killed instance: over the limit in any second granted", Math.Max(0, grants.MostInASecond() - 100), "requests", "0");
    }

    /// <summary>Without a limit of theirs: ten accounts, one number a batch, a provider that answers at once.</summary>
    private static async Task<double> MostAsync(Table table, CancellationToken ct)
    {
        const int Seconds = 15;
        await using var scene = await DispatchScene.CreateAsync(latencyMs: 1, ct);
        var updates = await PgBench.UpdatesAsync(scene.Scratch, 10, ct);
        await SendAsync(scene, 10, 5000, concurrency: 200, 6000, ct);
        scene.StartSender();
        await scene.UntilBegunAsync(5000, _patience, ct);
        var before = await scene.OneAsync<long>("select count(*) from app.batches where state = 'accepted'", ct);
        await Task.Delay(TimeSpan.FromSeconds(Seconds), ct);
        var after = await scene.OneAsync<long>("select count(*) from app.batches where state = 'accepted'", ct);
        var batches = (after - before) / (double)Seconds;
        table.Add("10 accounts without a limit: batches a second, begun and accepted", batches, "1/s");
        table.Add("pgbench -M prepared, single-row UPDATE, better of 16 and 64", updates, "1/s");
        return batches / updates;
    }

    private static async Task SendAsync(DispatchScene scene, int accounts, int rate, int concurrency, int batches, CancellationToken ct)
    {
        for (var i = 0; i < accounts; i++)
        {
            var line = await scene.AddAsync(rate, 1, concurrency, ct);
            await scene.Rig.SendingAsync(line.Owner, line.Account, batches, 1, ct);
        }
    }
}
