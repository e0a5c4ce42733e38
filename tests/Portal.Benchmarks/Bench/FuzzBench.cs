using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>Bodies that are nearly receipts, or nothing like them, over HTTP: all are answered OK, none stops anything, and memory stays as it was.</summary>
internal static class FuzzBench
{
    private const int Connections = 128;
    private const int Parts = 10;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(Table table, int bodies, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(PushedReceipt.PerTask, replied: true, ct);
        await using var receiver = Receiver.Start(scene.Scratch, "receipts");
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await receiver.UntilAnswersAsync(ct);
        await worker.UntilAnswersAsync(ct);

        var (failed, memory) = (0L, new List<(double Receiver, double Worker)>());
        for (var part = 0; part < Parts; part++)
        {
            var plan = new LoadPlan(scene.Tenants[0].ApiKey, Connections, Seconds: 600, First: (long)part * bodies / Parts, Count: bodies / Parts, Bodies: Bodies.Fuzzed);
            failed += (await LoadResult.RunAsync(receiver.Address, plan, ct)).Failed;
            await Wait.UntilAsync(async c => await scene.OneAsync<bool>("select not exists (select from infra.receipt_inbox)", c), _patience, () => "They are not all looked at:\n" + worker.Tail, ct);
            memory.Add((receiver.MemoryMb, worker.MemoryMb));
        }
        table.Add("fuzzed bodies pushed", bodies, "bodies");
        table.Add("not answered OK", failed, "bodies", "0");
        table.Add("errors in the log of what takes them in", receiver.Errors, "lines", "0");
        table.Add("errors in the log of what applies them", worker.Errors, "lines", "0");
        await Console.Error.WriteAsync(receiver.ErrorLines + worker.ErrorLines);
        // The collector lets a heap grow and shrink by what it has to do: halves are compared, not moments.
        var (first, second) = (memory[..(Parts / 2)], memory[(Parts / 2)..]);
        table.Add("memory of what takes them in, most in the first half", first.Max(m => m.Receiver), "MB");
        table.Add("memory of what takes them in, in the second half ÷ that", second.Max(m => m.Receiver) / first.Max(m => m.Receiver), "×", "≤ 1.25");
        table.Add("memory of what applies them, most in the first half", first.Max(m => m.Worker), "MB");
        table.Add("memory of what applies them, in the second half ÷ that", second.Max(m => m.Worker) / first.Max(m => m.Worker), "×", "≤ 1.25");
        table.Add("of those, read and applied", await scene.OneAsync<long>("select count(*) from app.receipts", ct), "receipts");
        table.Add("parked", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct), "bodies");
    }
}
