using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Chaos;

/// <summary>
/// Kills the process that takes and applies receipts again and again in a burst; then takes the database away, kills the process
/// that keeps receipts on the disk meanwhile, and gives the database back. What was answered OK must be in the books, once.
/// </summary>
internal static class KillReceipts
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (kills, outage) = (options.Number("kills", 20), options.Number("outage", 30));
        // Nobody must be without a receipt to push before the end: some 1,500 go out a second.
        var people = options.Number("numbers", 200_000 + (outage * 2000));
        void Say(string what)
        {
            if (!options.Json)
                Console.WriteLine(what);
        }

        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(people, replied: true, ct);
        var spool = Path.Combine(scene.Scratch.FenceDirectory, "spool");
        var address = $"http://127.0.0.1:{Scratch.FreePort()}";
        await using var pusher = new ReceiptPusher(address, scene.Tenants[0].ApiKey, people);
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var portal = Receiver.Start(scene.Scratch, "receipts,worker", spool, address);
            // Each time at another place in the burst.
            await TakeAsync(pusher, 200 + (kill * 67), portal, ct);
            await portal.KillAsync();
            Say($"kill {kill}: {pusher.Taken:N0} receipts were answered OK so far");
        }

        var server = new Postgres();
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        long before, within;
        await using (var receiver = Receiver.Start(scene.Scratch, "receipts", spool, address))
        {
            await TakeAsync(pusher, 500, receiver, ct);
            await server.StopAtOnceAsync(ct);
            before = pusher.Taken;
            await Task.Delay(TimeSpan.FromSeconds(outage / 2.0), ct);
            await TakeAsync(pusher, 200, receiver, ct);
            await receiver.KillAsync();
        }
        // It starts without a database.
        await using var last = Receiver.Start(scene.Scratch, "receipts", spool, address);
        await TakeAsync(pusher, 200, last, ct);
        await Task.Delay(TimeSpan.FromSeconds(outage / 2.0), ct);
        within = pusher.Taken - before;
        await server.StartAsync(ct);
        Say($"the database was away for some {outage} s: {within:N0} receipts were answered OK meanwhile");
        await TakeAsync(pusher, 500, last, ct);
        await pusher.FinishAsync();
        await Wait.ThroughOutagesAsync(c => IsQuietAsync(scene, spool, c), _patience, () => "Receipts are left over:\n" + last.Tail + worker.Tail, ct);
        return (await JudgeAsync(scene, pusher, kills + 1, within, ct)).Print(options.Json);
    }

    private static Task TakeAsync(ReceiptPusher pusher, long more, Receiver portal, CancellationToken ct)
    {
        var until = pusher.Taken + more;
        return Wait.UntilAsync(_ => Task.FromResult(pusher.Taken >= until), _patience, () => "Receipts are not taken:\n" + portal.Tail, ct);
    }

    private static async Task<bool> IsQuietAsync(ReceiptScene scene, string spool, CancellationToken ct) =>
        !Directory.EnumerateFiles(spool).Any() && await scene.OneAsync<bool>("select not exists (select from infra.receipt_inbox)", ct);

    private static async Task<Verdict> JudgeAsync(ReceiptScene scene, ReceiptPusher pusher, int kills, long within, CancellationToken ct)
    {
        var books = (await scene.OneAsync<string[]>("select array_agg(number) from app.receipts", ct)).ToList();
        var known = books.ToHashSet(StringComparer.Ordinal);
        var verdict = new Verdict("kill-receipts");
        verdict.Figure("processes killed", kills);
        verdict.Figure("receipts pushed", pusher.Begun);
        verdict.Figure("of those answered OK while the database was away", within);
        verdict.Figure("pushes that were not answered OK, and repeated", pusher.Refused);
        verdict.Must("lost: answered OK, not in the books", pusher.TakenNumbers.Count(n => !known.Contains(n)), 0);
        verdict.Must("doubled: in the books more than once", books.Count - known.Count, 0);
        verdict.Must("in the books, as many as were pushed", books.Count, pusher.Begun);
        verdict.Must("in the counters", await scene.CountedAsync(ct), pusher.Begun);
        verdict.Must("parked", await scene.OneAsync<long>("select count(*) from infra.parked_receipts", ct), 0);
        return verdict;
    }
}
