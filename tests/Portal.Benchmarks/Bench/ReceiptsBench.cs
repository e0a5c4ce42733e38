using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// How fast receipts are taken in (durable before the answer) and applied, beside <c>pgbench</c> with one row a transaction on
/// the same machine in the same run; and how long one waits between its answer and the counter, also beside a long report.
/// </summary>
internal static class ReceiptsBench
{
    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (table, only) = (new Table("receipts", options.Json), options.Text("only"));
        var (seconds, rounds, receipts, minutes) = (options.Number("seconds", 8), options.Number("rounds", 3), options.Number("receipts", 1_000_000), options.Number("minutes", 1));
        var bodies = options.Number("bodies", only == "forgeries" ? 100_000 : 1_000_000);
        async Task PartAsync(string name, Func<Task> part)
        {
            if (only is not null && only != name)
                return;
            await Console.Error.WriteLineAsync(name + " …");
            await part();
        }

        double? ratio = null;
        await PartAsync("ingest", async () => ratio = await IngestBench.RunAsync(table, seconds, rounds, ct));
        await PartAsync("apply", () => ApplyBench.OneTenantAsync(table, receipts, ct));
        await PartAsync("interleaved", () => ApplyBench.InterleavedAsync(table, receipts, ct));
        await PartAsync("parked", () => ApplyBench.ParkedAsync(table, receipts, ct));
        await PartAsync("lag", () => LagBench.RunAsync(table, minutes, report: false, ct));
        await PartAsync("report", () => LagBench.RunAsync(table, minutes, report: true, ct));
        await PartAsync("fuzz", () => FuzzBench.RunAsync(table, bodies, ct));
        await PartAsync("forgeries", () => ForgeryBench.RunAsync(table, Math.Min(bodies, 100_000), ct));
        table.Print(ratio, "receipts taken in a second ÷ pgbench single-row INSERT");
        return 0;
    }
}
