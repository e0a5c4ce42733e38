using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Kills the sending process again and again in the middle of a campaign, at random at least forty batches after it was
/// started again, and at each of five named points of a message's way; then holds the portal's books against the
/// provider's ledger.
/// </summary>
internal static class KillSender
{
    private static readonly string[] _points = ["before-claim", "after-claim", "before-write", "after-write", "before-outcome"];
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var plan = StagePlan.Read(options, numbers: 10_000, batch: 10, rate: 20);
        var (kills, points, between) = (options.Number("kills", 10), options.Number("points", 1), options.Number("between", 40));
        var needed = Needed(plan, kills, points, between);
        if (plan.Numbers / plan.Batch < needed)
            throw new OptionException($"{kills + (points * _points.Length)} kills at {plan.Rate} requests a second need at least {needed} batches.");

        await using var stage = await Stage.SetAsync(plan, ct);
        // A set: what an earlier kill left open may not be settled yet at the next one.
        var open = new HashSet<string>(StringComparer.Ordinal);
        for (var kill = 0; kill < kills; kill++)
        {
            await using var sender = stage.Send();
            await stage.AdvanceAsync(between, () => "The sender does not get on:\n" + sender.Tail, ct);
            await sender.KillAsync();
            await NoteAsync(stage, $"kill {kill + 1}", open, options, ct);
        }
        for (var round = 0; round < points; round++)
        {
            foreach (var point in _points)
            {
                await DieAsync(stage, point, point.EndsWith("claim", StringComparison.Ordinal) ? 5 + round : between + round, ct);
                await NoteAsync(stage, $"death {point} {round + 1}", open, options, ct);
            }
        }
        await using (var sender = stage.Send())
            await stage.FinishAsync(() => "The sending does not end:\n" + sender.Tail, ct);
        return (await Judge.RunAsync("kill-sender", stage, open.Count, "requests open at the kills", ct)).Print(options.Json);
    }

    /// <summary>
    /// Batches that it takes: those between two kills; a quarter of a second's at each claim that is let pass; and those that
    /// are cut off, which no sender takes up again.
    /// </summary>
    private static int Needed(StagePlan plan, int kills, int points, int between)
    {
        var (claim, open) = (Math.Max(plan.Rate / 4, 5), plan.Rate * (plan.LatencyMs + 100) / 1000);
        var rounds = Enumerable.Range(0, points).Sum(r => (2 * (5 + r) * claim) + ((_points.Length - 2) * (between + r + open)));
        return ((kills + 1) * (between + open)) + rounds;
    }

    /// <summary>The process kills itself when it passes the point for the n-th time.</summary>
    private static async Task DieAsync(Stage stage, string point, int times, CancellationToken ct)
    {
        await using var sender = stage.Send($"{point}:{times}");
        await Wait.UntilAsync(_ => Task.FromResult(!sender.Running), _patience, () => $"The sender does not die at {point}:\n" + sender.Tail, ct);
        if (sender.ExitCode != Child.Killed)
            throw new InvalidOperationException($"The sender ended by itself with {sender.ExitCode}:\n" + sender.Tail);
    }

    private static async Task NoteAsync(Stage stage, string what, HashSet<string> open, Options options, CancellationToken ct)
    {
        open.UnionWith(await stage.Books.OpenRequestsAsync(ct));
        if (!options.Json)
            Console.WriteLine($"{what}: after {await stage.Books.DoneAsync(ct)} batches, {open.Count} requests were cut off so far");
    }
}
