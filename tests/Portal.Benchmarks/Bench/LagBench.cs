using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>A steady stream of receipts over HTTP: how long after its answer each is in the counters.</summary>
internal static class LagBench
{
    private const int Rate = 5000;
    private const int Connections = 128;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);

    /// <param name="report">A report's transaction is open all the time.</param>
    public static async Task RunAsync(Table table, int minutes, bool report, CancellationToken ct)
    {
        var seconds = minutes * 60;
        await using var scene = await ReceiptScene.CreateAsync(ct);
        await scene.AddAsync(Rate * (seconds + 5), replied: true, ct);
        await scene.SqlAsync("analyze", ct);
        await using var receiver = Receiver.Start(scene.Scratch, "receipts");
        await using var worker = Receiver.Start(scene.Scratch, "worker");
        await receiver.UntilAnswersAsync(ct);
        await worker.UntilAnswersAsync(ct);
        await using var reader = report ? await OpenReportAsync(scene, ct) : null;

        var counted = new List<(DateTimeOffset At, long Count)>();
        var load = LoadResult.RunAsync(receiver.Address, new LoadPlan(scene.Tenants[0].ApiKey, Connections, seconds, Rate), ct);
        var ok = long.MaxValue;
        while (counted.Count == 0 || counted[^1].Count < ok)
        {
            counted.Add((TimeProvider.System.GetUtcNow(), await scene.CountedAsync(ct)));
            await Task.Delay(_look, ct);
            if (load.IsCompleted)
                ok = (await load).Ok;
        }
        var name = report ? $"{minutes} min beside an open report" : $"{minutes} min";
        table.Add($"{name}: receipts a second, applied", ok / (double)seconds, "1/s", "5,000");
        table.Add($"{name}: from the answer to the counter, p99", P99((await load).StartedAt, (await load).Acks, counted), "ms", "< 2,000");
    }

    private static async Task<NpgsqlConnection> OpenReportAsync(ReceiptScene scene, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(scene.Scratch.Options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("begin isolation level repeatable read; select count(*) from app.sending_counts", connection);
        await command.ExecuteNonQueryAsync(ct);
        return connection;
    }

    /// <summary>The n-th answer waits until the counter is at n.</summary>
    private static double P99(DateTimeOffset start, long[] acks, List<(DateTimeOffset At, long Count)> counted)
    {
        var (lags, answered, at) = (new List<double>(), 0L, 0);
        for (var step = 0; step < acks.Length; step++)
        {
            if (acks[step] == 0)
                continue;
            answered += acks[step];
            while (at < counted.Count - 1 && counted[at].Count < answered)
                at++;
            var lag = (counted[at].At - start).TotalMilliseconds - (step * LoadResult.Step);
            lags.AddRange(Enumerable.Repeat(lag, (int)acks[step]));
        }
        return lags.Order().ElementAt((int)(lags.Count * 0.99));
    }
}
