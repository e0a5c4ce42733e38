using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Stops the database at once, as a power cut would, and starts it again; and in between ends the sender's connections one
/// by one, in the middle of a commit where one is found. The sender must live through all of it.
/// </summary>
internal static class KillDatabase
{
    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var plan = StagePlan.Read(options, numbers: 10_000, batch: 10, rate: 20);
        var (stops, terminations, between) = (options.Number("stops", 3), options.Number("terminations", 20), options.Number("between", 10));
        if (plan.Numbers / plan.Batch < (stops + terminations + 1) * between)
            throw new OptionException($"{stops} stops and {terminations} terminations, each {between} batches after the last, need at least {(stops + terminations + 1) * between} batches.");
        var server = new Postgres();
        await using var stage = await Stage.SetAsync(plan, ct);
        await using var sender = stage.Send();
        var open = new HashSet<string>(StringComparer.Ordinal);
        var (ended, inCommit) = (0, 0);
        for (var step = 1; step <= stops + terminations; step++)
        {
            await stage.AdvanceAsync(between, () => "The sender does not get on:\n" + sender.Tail, ct);
            // The stops lie evenly among the terminations.
            if (step * stops / (stops + terminations) > (step - 1) * stops / (stops + terminations))
            {
                open.UnionWith(await Wait.AnswerAsync(stage.Books.OpenRequestsAsync, ct));
                await server.StopAtOnceAsync(ct);
                await server.StartAsync(ct);
                open.UnionWith(await Wait.AnswerAsync(stage.Books.OpenRequestsAsync, ct));
                if (!options.Json)
                    Console.WriteLine($"stop {step * stops / (stops + terminations)}: {open.Count} requests were open at the stops so far");
                continue;
            }
            var hit = await Postgres.EndConnectionAsync(stage.Scratch, ct);
            ended += hit == Hit.Nothing ? 0 : 1;
            inCommit += hit == Hit.InCommit ? 1 : 0;
        }
        await stage.FinishAsync(() => "The sending does not end:\n" + sender.Tail, ct);
        // One connection that ends can cut off the begin or the outcome of one request.
        var verdict = await Wait.AnswerAsync(c => Judge.RunAsync("kill-database", stage, open.Count + ended, "requests open at the stops, and connections ended", c), ct);
        verdict.Must("connections ended", ended, terminations);
        verdict.Figure("of those, in the middle of a commit", inCommit);
        verdict.Must("senders that still run", sender.Running ? 1 : 0, 1);
        return verdict.Print(options.Json);
    }
}
