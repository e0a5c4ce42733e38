using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Portal.Benchmarks.Rig;
using Portal.Data;
using Portal.Dispatch;
using Portal.Tenants;

namespace Portal.Benchmarks.Measures;

/// <summary>
/// Preparing against writing the same rows by hand: same text and personalised, as the dispatch role under row-level
/// security. One person in twenty is on both lists, one in fifty is suppressed.
/// </summary>
internal static class Prepare
{
    private const int BatchSize = 100;
    private const string SameText = "Our winter tasting is on Friday.";
    private const string Personalised = "Dear {{name}}, our winter tasting in {{city}} is on Friday.";

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (recipients, rounds) = (options.Number("recipients", 1_000_000), options.Number("rounds", 3));
        await using var scratch = await Scratch.CreateAsync(ct);
        await using var bench = new Bench(scratch, requestTimeoutSeconds: 5);
        await using var yardstick = new Yardstick(scratch);
        var owner = await bench.TenantAsync(ct);
        var run = new PrepareRun(bench, yardstick, owner, await bench.AccountAsync(owner, ct), await bench.AudienceAsync(owner, recipients, ct), BatchSize);

        await yardstick.KeepAsync((await run.PrepareAsync(SameText, ct)).Sending, ct);
        var (insert, copy, same, personalised) = (new List<double>(), new List<double>(), new List<PrepareTimes>(), new List<PrepareTimes>());
        for (var round = 0; round < rounds; round++)
        {
            await yardstick.ForgetAsync(ct);
            copy.Add((await yardstick.CopyAsync(ct)).TotalMilliseconds);
            insert.Add((await yardstick.InsertAsync(ct)).TotalMilliseconds);
            same.Add(await run.PrepareAsync(SameText, ct));
            await yardstick.ForgetAsync(ct);
            insert.Add((await yardstick.InsertAsync(ct)).TotalMilliseconds);
            personalised.Add(await run.PrepareAsync(Personalised, ct));
        }
        var result = PrepareResult.Of(recipients, same[0].Messages, insert, copy, same, personalised);
        result.Print(options.Json);
        return 0;
    }
}

/// <summary>One preparing, timed.</summary>
/// <param name="Milliseconds">From the start to the last batch.</param>
/// <param name="FirstBatch">Milliseconds to the first batch that can be claimed.</param>
internal sealed record PrepareTimes(Guid Sending, int Messages, double Milliseconds, double FirstBatch, double GrowthMb);

/// <summary>Prepares a new sending to the audience, and watches for its first batch and for memory.</summary>
internal sealed class PrepareRun(Bench bench, Yardstick yardstick, Member owner, Guid account, Guid[] lists, int batch)
{
    public async Task<PrepareTimes> PrepareAsync(string text, CancellationToken ct)
    {
        var sending = await bench.CreateSendingAsync(owner, account, text, lists, batch, ct);
        await yardstick.SettleAsync(ct);
        GC.Collect();
        await using var memory = new PeakMemory();
        var start = TimeProvider.System.GetTimestamp();
        var first = FirstBatchAsync(sending, start, ct);
        var took = await Clock.TimeAsync(() => bench.Prepare.RunAsync(owner.Scope, sending, ct));
        var growth = memory.GrowthMb;
        return new PrepareTimes(sending, await bench.MessagesAsync(owner, sending, ct), took.TotalMilliseconds, await first, growth);
    }

    private async Task<double> FirstBatchAsync(Guid sending, long start, CancellationToken ct)
    {
        await using var connection = await bench.Databases.OpenAsync(DatabaseRole.Dispatch, owner.Scope, ct);
        await using var command = new NpgsqlCommand("""
            select exists (select from app.batches b join app.sendings s on s.tenant_id = b.tenant_id and s.id = b.sending_id
                           where b.tenant_id = $1 and b.sending_id = $2 and b.state = 'planned' and s.state = 'running')
            """, connection) { Parameters = { new() { Value = owner.TenantId }, new() { Value = sending } } };
        while (!(bool)(await command.ExecuteScalarAsync(ct))!)
            await Task.Delay(5, ct);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}

/// <summary>Medians of the rounds, in milliseconds and megabytes; the ratios are to the INSERT … SELECT unless said.</summary>
internal sealed record PrepareResult(
    int Recipients, int Messages, int Rounds, double CopyMs, double InsertMs, double SameTextMs, double PersonalisedMs, double FirstBatchMs,
    double MemoryGrowthMb, double SameTextToCopy, double PersonalisedToCopy, double PersonalisedRatio, double Ratio)
{
    public static PrepareResult Of(int recipients, int messages, List<double> insert, List<double> copy, List<PrepareTimes> same, List<PrepareTimes> personalised)
    {
        var (insertMs, copyMs) = (Clock.Median(insert), Clock.Median(copy));
        var (sameMs, personalisedMs) = (Clock.Median(same.Select(s => s.Milliseconds)), Clock.Median(personalised.Select(p => p.Milliseconds)));
        return new(recipients, messages, same.Count, copyMs, insertMs, sameMs, personalisedMs, Clock.Median(same.Select(s => s.FirstBatch)),
            same.Concat(personalised).Max(t => t.GrowthMb), sameMs / copyMs, personalisedMs / copyMs, personalisedMs / insertMs, sameMs / insertMs);
    }

    public void Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, PrepareContext.Default.PrepareResult));
            return;
        }
        Console.WriteLine($"prepare: {Recipients:N0} recipients, {Messages:N0} messages, medians of {Rounds} rounds");
        Line("COPY of the same rows, no key", CopyMs, CopyMs / InsertMs);
        Line("INSERT … SELECT of the same rows, sorted, key only", InsertMs, 1);
        Line("same text", SameTextMs, Ratio);
        Line("personalised", PersonalisedMs, PersonalisedRatio);
        Console.WriteLine($"  {"first batch that can be claimed, same text",-52} {FirstBatchMs,9:N0} ms");
        Console.WriteLine($"  {"memory of this process, growth at its peak",-52} {MemoryGrowthMb,9:N0} MB");
        Console.WriteLine($"  {"to COPY: same text, personalised",-52} {SameTextToCopy,9:N2} {PersonalisedToCopy:N2}");
    }

    private static void Line(string name, double milliseconds, double ratio) => Console.WriteLine($"  {name,-52} {milliseconds,9:N0} ms {ratio,8:N2}");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PrepareResult))]
internal sealed partial class PrepareContext : JsonSerializerContext;
