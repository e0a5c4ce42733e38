using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>A hundred tenants of whom one has a million numbers queued: how much longer the others wait, from when its preparing begins.</summary>
internal static class DispatchFairness
{
    private const int Others = 99;
    private const int Rounds = 2;
    private const int Batches = 3;

    public static async Task RunAsync(Table table, int recipients, CancellationToken ct)
    {
        await using var scene = await DispatchScene.CreateAsync(latencyMs: 300, ct);
        var big = await scene.AddAsync(100, 100, 100, ct);
        var lists = new Dictionary<Guid, Guid>();
        for (var i = 0; i < Others; i++)
        {
            var line = await scene.AddAsync(100, 100, 100, ct);
            lists[line.Account] = await scene.Rig.ListAsync(line.Owner, 100 * Batches, ct);
        }
        var list = await scene.Rig.ListAsync(big.Owner, recipients, ct);
        scene.StartSender();
        await RoundAsync(scene, lists, ct);

        var alone = await RoundsAsync(scene, lists, ct);
        var queued = scene.Rig.SendingAsync(big.Owner, big.Account, list, 100, ct);
        var beside = await RoundsAsync(scene, lists, ct);
        await queued;
        table.Add("99 small tenants alone: to their last request, p95", P95(alone), "ms");
        table.Add($"99 small tenants beside {recipients:N0} queued: to their last request, p95", P95(beside), "ms");
        table.Add("99 small tenants: added wait, p95", P95(beside) - P95(alone), "ms", "≤ 200");
    }

    private static async Task<List<double>> RoundsAsync(DispatchScene scene, Dictionary<Guid, Guid> lists, CancellationToken ct)
    {
        var waits = new List<double>();
        for (var round = 0; round < Rounds; round++)
            waits.AddRange(await RoundAsync(scene, lists, ct));
        return waits;
    }

    /// <summary>Each small tenant sends a little, one every 100 ms; answers how long each waited for its last request.</summary>
    private static async Task<List<double>> RoundAsync(DispatchScene scene, Dictionary<Guid, Guid> lists, CancellationToken ct)
    {
        var sent = new List<(Guid Sending, DateTime At)>();
        foreach (var line in scene.Lines.Skip(1))
        {
            var at = TimeProvider.System.GetUtcNow().UtcDateTime;
            sent.Add((await scene.Rig.SendingAsync(line.Owner, line.Account, lists[line.Account], 100, ct), at));
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
        var ids = string.Join(',', sent.Select(s => $"'{s.Sending}'"));
        await Wait.UntilAsync(async c => await scene.OneAsync<long>($"select count(*) from app.attempts where sending_id in ({ids})", c) >= Others * Batches,
            TimeSpan.FromMinutes(2), () => "The small tenants do not get on.", ct);
        var waits = new List<double>();
        foreach (var (sending, at) in sent)
            waits.Add((await scene.OneAsync<DateTime>($"select max(granted_at) from app.attempts where sending_id = '{sending}'", ct) - at).TotalMilliseconds);
        return waits;
    }

    private static double P95(List<double> values) => values.Order().ElementAt((int)(values.Count * 0.95) - 1);
}
