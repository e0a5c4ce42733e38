using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>From the inbox, or the parking place, to the counters: one worker, everything that a receipt changes, in its transaction.</summary>
internal static class ApplyBench
{
    private const int Tenants = 100;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    public static async Task OneTenantAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(receipts, replied: true, ct);
        var updates = await UpdatesAsync(table, scene, "one tenant", ct);
        await scene.FillInboxAsync(ct);
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await DrainAsync(table, scene, worker, "one tenant", receipts, updates, "≥ 4", ct);
    }

    public static async Task InterleavedAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        for (var i = 0; i < Tenants; i++)
            await scene.AddAsync(receipts / Tenants, replied: true, ct);
        var updates = await UpdatesAsync(table, scene, $"{Tenants} tenants", ct);
        await scene.FillInboxAsync(ct);
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await DrainAsync(table, scene, worker, $"{Tenants} tenants, interleaved", receipts, updates, "≥ 2", ct);
    }

    /// <summary>Receipts that came before their replies, sealed and parked; then the replies are there.</summary>
    public static async Task ParkedAsync(Table table, int receipts, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(receipts, replied: false, ct);
        var updates = await UpdatesAsync(table, scene, "parked", ct);
        await scene.FillInboxAsync(ct);
        await using (var worker = Receiver.Start(scene.Scratch, "worker"))
        {
            await Wait.UntilAsync(async c => await scene.OneAsync<long>("select count(*) from (select from infra.receipt_inbox limit 1) i", c) == 0, _patience, () => "They are not parked:\n" + worker.Tail, ct);
            await worker.StopAsync();
        }
        table.Add("parked: receipts that wait for a reply", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct), "receipts", receipts.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        await scene.ReplyAsync(ct);
        await using var second = Receiver.Start(scene.Scratch, "worker");
        await DrainAsync(table, scene, second, "parked", receipts, updates, "≥ 4", ct);
        table.Add("parked: left over", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct), "receipts", "0");
    }

    private static async Task<double> UpdatesAsync(Table table, ReceiptScene scene, string name, CancellationToken ct)
    {
        var updates = await PgBench.UpdatesAsync(scene.Scratch, 8, ct);
        table.Add($"{name}: pgbench -M prepared, single-row UPDATE", updates, "1/s");
        return updates;
    }

    // The clock starts with the first group that is counted: starting a program is not what is measured.
    private static async Task DrainAsync(Table table, ReceiptScene scene, Receiver worker, string name, int receipts, double updates, string goal, CancellationToken ct)
    {
        long first = 0;
        await Wait.UntilAsync(async c => (first = await scene.CountedAsync(c)) > 0, _patience, () => "Nothing is applied:\n" + worker.Tail, ct);
        var start = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(async c => await scene.CountedAsync(c) >= receipts, _patience, () => "They are not all applied:\n" + worker.Tail, ct);
        var rate = (receipts - first) / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        table.Add($"{name}: receipts applied", rate, "1/s");
        table.Add($"{name}: ÷ pgbench single-row UPDATE", rate / updates, "×", goal);
        table.Add($"{name}: sendings whose counters are not exact", await scene.WrongAsync(ct), "sendings", "0");
    }
}
