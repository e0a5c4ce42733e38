using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Preparing against writing the same rows by hand: same text and personalised, as the dispatch role under row-level
/// security. One person in twenty is on both lists, one in fifty is suppressed; of the personalised texts 5,000 differ, or all.
/// </summary>
internal static class PrepareBench
{
    private const int BatchSize = 100;
    private const string SameText = "Our winter tasting is on Friday.";
    private const string Personalised = "Dear {{name}}, our winter tasting in {{city}} is on Friday.";
    private const string AllDiffer = "Dear {{name}}, your code is {{code}}.";

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (recipients, rounds) = (options.Number("recipients", 1_000_000), options.Number("rounds", 3));
        await using var scratch = await Scratch.CreateAsync(ct);
        await using var rig = new ProductRig(scratch, requestTimeoutSeconds: 5);
        await using var yardstick = new PrepareYardstick(scratch);
        var owner = await rig.TenantAsync(ct);
        var run = new PrepareRun(rig, yardstick, owner, await rig.IdleAccountAsync(owner, ct), await rig.AudienceAsync(owner, recipients, ct), BatchSize);

        await yardstick.KeepAsync((await run.PrepareAsync(SameText, ct)).Sending, ct);
        var (insert, copy, same, personalised) = (new List<double>(), new List<double>(), new List<PrepareTimes>(), new List<PrepareTimes>());
        for (var round = 0; round < rounds; round++)
        {
            await yardstick.ForgetAsync(ct);
            copy.Add(await yardstick.CopyAsync(ct));
            insert.Add(await yardstick.InsertAsync(ct));
            same.Add(await run.PrepareAsync(SameText, ct));
            await yardstick.ForgetAsync(ct);
            insert.Add(await yardstick.InsertAsync(ct));
            personalised.Add(await run.PrepareAsync(Personalised, ct));
        }
        await yardstick.ForgetAsync(ct);
        var differ = await run.PrepareAsync(AllDiffer, ct);
        Print(options.Json, recipients, (Clock.Median(insert), Clock.Median(copy)), same, personalised, differ);
        return 0;
    }

    private static void Print(bool json, int recipients, (double Insert, double Copy) by, List<PrepareTimes> same, List<PrepareTimes> personalised, PrepareTimes differ)
    {
        var (sameMs, personalisedMs) = (Clock.Median(same.Select(t => t.Milliseconds)), Clock.Median(personalised.Select(t => t.Milliseconds)));
        var table = new Table("prepare", json);
        table.Add("recipients", recipients, "people");
        table.Add("messages of them", same[0].Messages, "messages");
        table.Add("COPY of the same rows, no key", by.Copy, "ms");
        table.Add("INSERT … SELECT of the same rows, sorted, key only", by.Insert, "ms");
        table.Add("same text", sameMs, "ms");
        table.Add("same text ÷ COPY", sameMs / by.Copy, "×");
        table.Add("same text: the first batch that can be claimed", Clock.Median(same.Select(t => t.FirstBatch)), "ms", "≤ 500");
        table.Add("5,000 texts", personalisedMs, "ms");
        table.Add("5,000 texts ÷ COPY", personalisedMs / by.Copy, "×");
        table.Add("5,000 texts ÷ INSERT … SELECT", personalisedMs / by.Insert, "×", "≤ 3");
        table.Add("a text of its own for everybody ÷ INSERT … SELECT", differ.Milliseconds / by.Insert, "×");
        table.Add("memory of this process, growth at its peak", same.Concat(personalised).Append(differ).Max(t => t.GrowthMb), "MB", "< 200");
        table.Print(sameMs / by.Insert, "same text ÷ INSERT … SELECT (≤ 1.5)");
    }
}
