using Npgsql;
using Portal.Benchmarks.Rig;

namespace Portal.Benchmarks.Bench;

/// <summary>
/// Fifty tenants, ten thousand operations each, in turn over five pooled connections: none sees a row of another. Beside it the
/// same count over as many connections by an administrator, who sees past the wall: what the wall costs.
/// </summary>
internal static class IsolationBench
{
    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (tenants, each, connections) = (options.Number("tenants", 50), options.Number("operations", 10_000), options.Number("connections", 5));
        await using var scratch = await Scratch.CreateAsync(ct);
        var table = new Table("isolation", options.Json);
        table.Add("tenants", tenants, "tenants");
        table.Add("pooled connections", connections, "connections");
        var (foreign, fastest) = (0L, 0.0);
        foreach (var reset in (bool[])[true, false])
        {
            var run = new Interleaving(scratch.Options, tenants);
            await run.FillAsync(ct);
            var seen = await run.RunAsync(each, connections, reset, ct);
            var how = reset ? "the pool resets" : "the pool resets nothing";
            table.Add($"{how}: operations", seen.Operations, "operations");
            table.Add($"{how}: ended in their middle", seen.Failures, "operations");
            table.Add($"{how}: rows looked at", seen.Rows, "rows");
            table.Add($"{how}: rows of another tenant", seen.Foreign, "rows", "0");
            table.Add($"{how}: another number of rows than the tenant has", seen.Wrong, "operations", "0");
            table.Add($"{how}: a second", seen.Operations / seen.Took.TotalSeconds, "operations/s");
            foreign += seen.Foreign + seen.Wrong;
            fastest = Math.Max(fastest, seen.Operations / seen.Took.TotalSeconds);
        }
        var open = await YardstickAsync(scratch, connections, ct);
        table.Add("counts by an administrator, past the wall", open, "operations/s");
        table.Print(fastest / open, "operations behind the wall ÷ counts past it");
        return foreign == 0 ? 0 : 1;
    }

    private static async Task<double> YardstickAsync(Scratch scratch, int connections, CancellationToken ct)
    {
        const int counts = 20_000;
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(scratch.Options.ConnectionString) { MaxPoolSize = connections, MaxAutoPrepare = 64, AutoPrepareMinUsages = 3 });
        var start = TimeProvider.System.GetTimestamp();
        await Parallel.ForAsync(0, counts, new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = ct }, async (_, stop) =>
        {
            await using var command = source.CreateCommand("select count(*) from app.contacts where tenant_id = (select tenant_id from app.contacts limit 1)");
            await command.ExecuteScalarAsync(stop);
        });
        return counts / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
