using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>Receipts over HTTP: what is answered OK lies in the inbox, durably. Rounds of each kind alternate; the median counts.</summary>
internal static class IngestBench
{
    private const int Connections = 512;

    /// <returns>Ours against single rows.</returns>
    public static async Task<double> RunAsync(Table table, int seconds, int rounds, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await using var receiver = Receiver.Start(scene.Scratch, "receipts");
        await using var null0 = Receiver.StartOkEndpoint();
        await receiver.UntilAnswersAsync(ct);
        await null0.UntilAnswersAsync(ct);
        var key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        var plan = new LoadPlan(key, Connections, seconds);
        await LoadResult.RunAsync(receiver.Address, plan with { Seconds = 4 }, ct);
        await LoadResult.RunAsync(null0.Address, plan with { Seconds = 2 }, ct);

        var (single, ours, null1, p99, missing, failed) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), 0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            await scene.SqlAsync("truncate infra.receipt_inbox; checkpoint", ct);
            single.Add(await PgBench.ReceiptsAsync(scene.Scratch, PushedReceipt.Body(key, 0), seconds, ct));
            await scene.SqlAsync("truncate infra.receipt_inbox; checkpoint", ct);
            var taken = await LoadResult.RunAsync(receiver.Address, plan, ct);
            ours.Add(taken.Ok / (double)seconds);
            p99.Add(taken.P99Ms);
            failed += taken.Failed;
            missing += taken.Ok - await scene.OneAsync<long>("select count(distinct body) from infra.receipt_inbox", ct);
            null1.Add((await LoadResult.RunAsync(null0.Address, plan, ct)).Ok / (double)seconds);
        }
        await scene.SqlAsync("truncate infra.receipt_inbox; checkpoint", ct);
        var half = await LoadResult.RunAsync(receiver.Address, plan with { Rate = (int)(Median(ours) / 2) }, ct);

        table.Add("pgbench -M prepared, single-row INSERT … ON CONFLICT DO NOTHING", Median(single), "1/s");
        table.Add($"an endpoint that only answers OK, {Connections} connections", Median(null1), "1/s");
        table.Add($"receipts taken in, durable, {Connections} connections", Median(ours), "1/s");
        table.Add("receipts taken in ÷ the endpoint that only answers OK", Median(ours) / Median(null1), "×", "≥ 0.70");
        table.Add($"answer at {Connections} connections, p99", Median(p99), "ms", "< 100");
        table.Add($"answer at half the load ({half.Ok / seconds:N0}/s), p99", half.P99Ms, "ms", "< 50");
        table.Add("answered OK and not in the inbox", missing, "receipts", "0");
        table.Add("not answered OK", failed + half.Failed, "receipts", "0");
        return Median(ours) / Median(single);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
