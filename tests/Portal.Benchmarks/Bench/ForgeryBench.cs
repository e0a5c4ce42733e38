using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Somebody who knows an apikey pushes receipts with taskids that nobody gave, half of them for people of requests in doubt: one
/// number each moves nothing; two numbers of one taskid move these two people and nothing else.
/// </summary>
internal static class ForgeryBench
{
    private const int Connections = 128;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private const string State = """
        select concat_ws(' | ',
            (select string_agg(concat_ws(' ', sending_id, accepted, refused, in_doubt, dropped, cancelled, delivered, undelivered), ', ' order by sending_id) from app.sending_counts),
            (select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) n from app.batches group by state) b),
            (select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) n from app.attempts group by state) a),
            (select string_agg(concat_ws(' ', state, no_halving), ', ') from app.accounts))
        """;

    public static async Task RunAsync(Table table, int forgeries, CancellationToken ct)
    {
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(PushedReceipt.PerTask, replied: true, ct);
        var tenant = scene.Tenants[0];
        var doubted = await scene.DoubtAsync(tenant, forgeries / 2, ct);
        var (before, sent) = (await scene.OneAsync<string>(State, ct), await scene.Provider.AcceptedAsync(ct));
        await using var receiver = Receiver.Start(scene.Scratch, "receipts");
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await receiver.UntilAnswersAsync(ct);

        var load = await LoadResult.RunAsync(receiver.Address, new LoadPlan(tenant.ApiKey, Connections, Seconds: 600, Count: forgeries, Bodies: Bodies.Forged), ct);
        var pushed = TimeProvider.System.GetTimestamp();
        await QuietAsync();
        table.Add("from the last push until each was looked at twice", TimeProvider.System.GetElapsedTime(pushed).TotalSeconds, "s");
        table.Add("forged receipts pushed, one number each", load.Ok, "receipts");
        table.Add("not answered OK", load.Failed, "receipts", "0");
        table.Add("batches settled", await SettledAsync(), "batches", "0");
        table.Add("taskids believed", await scene.OneAsync<long>("select count(*) from app.task_evidence", ct), "taskids", "0");
        table.Add("counters, batches, requests or accounts changed", await scene.OneAsync<string>(State, ct) == before ? 0 : 1, "", "0");
        table.Add("numbers sent", await scene.Provider.AcceptedAsync(ct) - sent, "numbers", "0");

        await PairAsync();
        table.Add("two forged receipts of one taskid: people of requests in doubt settled", await scene.OneAsync<long>("select coalesce(sum(settled), 0) from app.batches", ct), "people", "2");
        table.Add("people with a receipt", await scene.OneAsync<long>("select count(distinct number) from app.receipts", ct), "people", "2");
        table.Add("people in doubt no more", forgeries / 2 - await scene.OneAsync<int>($"select in_doubt from app.sending_counts where sending_id = '{doubted}'", ct), "people", "2");
        table.Add("numbers sent", await scene.Provider.AcceptedAsync(ct) - sent, "numbers", "0");
        await Console.Error.WriteAsync(receiver.ErrorLines + worker.ErrorLines);
        table.Add("errors in the logs", receiver.Errors + worker.Errors, "lines", "0");

        Task<long> SettledAsync() => scene.OneAsync<long>($"select count(*) from app.batches where sending_id = '{doubted}' and (settled > 0 or state <> 'in_doubt')", ct);

        // Each was tried when it came and once more.
        Task QuietAsync() => Wait.UntilAsync(async c => await scene.OneAsync<bool>("select not exists (select from infra.receipt_inbox) and not exists (select from infra.parked_receipts where tries = 0)", c),
            _patience, () => "They are not all looked at:\n" + worker.Tail, ct);

        async Task PairAsync()
        {
            using var http = new HttpClient();
            foreach (var person in (long[])[10, 11])
            {
                using var content = new StringContent(PushedReceipt.Forged(tenant.ApiKey, -1, person));
                await http.PostAsync(new Uri(receiver.Address + "/receipts"), content, ct);
            }
            await Wait.UntilAsync(async c => await scene.OneAsync<long>("select count(*) from app.receipts", c) >= 2, _patience, () => "They are not believed:\n" + worker.Tail, ct);
            await QuietAsync();
        }
    }
}
