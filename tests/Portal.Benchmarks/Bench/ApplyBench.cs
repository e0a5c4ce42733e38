using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>From the inbox, or the parking place, to the counters: one worker, everything that a receipt changes, in its transaction.</summary>
internal static class ApplyBench
{
    private const int Tenants = 100;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    // Another tenant's, before: nothing is measured that a running portal has behind it.
    private const int Warm = 100_000;

    // Time for the replies to be written, a new process, and those.
    private static readonly TimeSpan _untilDue = TimeSpan.FromSeconds(60);

    public static async Task OneTenantAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(Warm, replied: true, ct);
        await scene.AddAsync(receipts, replied: true, ct);
        await FromInboxAsync(table, scene, "one tenant", "one tenant", receipts, "≥ 4", ct);
    }

    public static async Task InterleavedAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(Warm, replied: true, ct);
        for (var i = 0; i < Tenants; i++)
            await scene.AddAsync(receipts / Tenants, replied: true, ct);
        await FromInboxAsync(table, scene, $"{Tenants} tenants", $"{Tenants} tenants, interleaved", receipts, "≥ 2", ct);
    }

    private static async Task FromInboxAsync(Table table, ReceiptScene scene, string who, string name, int receipts, string goal, CancellationToken ct)
    {
        var updates = await UpdatesAsync(table, scene, who, ct);
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await scene.FillInboxAsync(scene.Tenants.Take(1), ct);
        await WarmedAsync(scene, worker, ct);
        await scene.FillInboxAsync(scene.Tenants.Skip(1), ct);
        await DrainAsync(table, scene, worker, name, receipts, updates, goal, ct);
    }

    /// <summary>Receipts that came before their replies, sealed and parked; then the replies are there.</summary>
    public static async Task ParkedAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(Warm, replied: false, ct);
        await scene.AddAsync(receipts, replied: false, ct);
        var updates = await UpdatesAsync(table, scene, "parked", ct);
        await scene.FillInboxAsync(scene.Tenants, ct);
        await using (var worker = Receiver.Start(scene.Scratch, "worker"))
        {
            await Wait.UntilAsync(async c => await scene.OneAsync<long>("select count(*) from (select from infra.receipt_inbox limit 1) i", c) == 0, _patience, () => "They are not parked:\n" + worker.Tail, ct);
            await worker.StopAsync();
        }
        var parked = await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct) - Warm;
        table.Add("parked: receipts that wait for a reply", parked, "receipts", receipts.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        var due = TimeProvider.System.GetUtcNow() + _untilDue;
        await scene.ReplyAsync(scene.Tenants[0], due, ct);
        await using var second = Receiver.Start(scene.Scratch, "worker");
        await WarmedAsync(scene, second, ct);
        if (TimeProvider.System.GetUtcNow() > due)
            throw new InvalidOperationException("What goes before was not done when the receipts were due.");
        await DrainAsync(table, scene, second, "parked", receipts, updates, "≥ 4", ct);
        table.Add("parked: left over", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct), "receipts", "0");
    }

    private static async Task<double> UpdatesAsync(Table table, ReceiptScene scene, string name, CancellationToken ct)
    {
        var updates = await PgBench.UpdatesAsync(scene.Scratch, 8, ct);
        table.Add($"{name}: pgbench -M prepared, single-row UPDATE", updates, "1/s");
        return updates;
    }

    private static Task WarmedAsync(ReceiptScene scene, Receiver worker, CancellationToken ct) =>
        Wait.UntilAsync(async c => await scene.CountedAsync(c) >= Warm, _patience, () => "The first are not applied:\n" + worker.Tail, ct);

    // The clock starts with the first group that is counted.
    private static async Task DrainAsync(Table table, ReceiptScene scene, Receiver worker, string name, int receipts, double updates, string goal, CancellationToken ct)
    {
        long first = 0;
        await Wait.UntilAsync(async c => (first = await scene.CountedAsync(c)) > Warm, _patience, () => "Nothing is applied:\n" + worker.Tail, ct);
        var start = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(async c => await scene.CountedAsync(c) >= Warm + receipts, _patience, () => "They are not all applied:\n" + worker.Tail, ct);
        var rate = (Warm + receipts - first) / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        table.Add($"{name}: receipts applied", rate, "1/s");
        table.Add($"{name}: ÷ pgbench single-row UPDATE", rate / updates, "×", goal);
        table.Add($"{name}: sendings whose counters are not exact", await scene.WrongAsync(ct), "sendings", "0");
    }
}
