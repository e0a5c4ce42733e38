using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// A campaign over a network that breaks in every way, in turn: before and after the request arrived, in the middle of the
/// reply, silently, with answers that are none. Where an answer stops the account, a person checks again.
/// </summary>
internal static class Network
{
    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (batches, every) = (options.Number("batches", 1000), options.Number("every", 3));
        var batch = options.Number("batch", 10);
        var plan = StagePlan.Read(options, batches * batch, batch, rate: 50, latencyMs: 100, timeoutSeconds: 2);
        await using var network = new BadNetwork();
        await using var stage = await Stage.SetAsync(plan, ct, network.Open);
        network.Break(every);
        await using var sender = stage.Send();
        await stage.FinishAsync(() => "The sending does not end:\n" + sender.Tail, ct);
        network.Mend();

        var played = network.Played;
        var verdict = await Judge.RunAsync("network", stage, played.Where(p => p.Trouble.MayDoubt).Sum(p => p.Times), "troubles that leave a doubt", ct);
        verdict.Must("kinds of trouble that never came up", played.Count(p => p.Times == 0), 0);
        foreach (var (trouble, times) in played)
            verdict.Figure("  " + trouble.Name, times);
        return verdict.Print(options.Json);
    }
}
