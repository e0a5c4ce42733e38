using Npgsql;
using Portal.Benchmarks.Rig;
using Portal.Data;
using Portal.Tenants;

namespace Portal.Benchmarks.Bench;

/// <summary>One preparing, timed.</summary>
/// <param name="Milliseconds">From the start to the last batch.</param>
/// <param name="FirstBatch">Milliseconds to the first batch that can be claimed.</param>
internal sealed record PrepareTimes(Guid Sending, int Messages, double Milliseconds, double FirstBatch, double GrowthMb);

/// <summary>Prepares a new sending to the audience, and watches for its first batch and for memory.</summary>
internal sealed class PrepareRun(ProductRig rig, PrepareYardstick yardstick, Member owner, Guid account, Guid[] lists, int batch)
{
    public async Task<PrepareTimes> PrepareAsync(string text, CancellationToken ct)
    {
        var sending = await rig.CreateSendingAsync(owner, account, text, lists, batch, ct);
        await yardstick.SettleAsync(ct);
        GC.Collect();
        await using var memory = new PeakMemory();
        var start = TimeProvider.System.GetTimestamp();
        var first = FirstBatchAsync(sending, start, ct);
        var took = await Clock.TimeAsync(() => rig.PrepareAsync(owner, sending, ct));
        var growth = memory.GrowthMb;
        var firstBatch = await first;
        return new PrepareTimes(sending, await MessagesAsync(sending, ct), took, firstBatch, growth);
    }

    private async Task<double> FirstBatchAsync(Guid sending, long start, CancellationToken ct)
    {
        while (!await OneAsync<bool>("""
            select case when (select state from app.sendings where tenant_id = $1 and id = $2) = 'running'
                        then exists (select from app.batches where tenant_id = $1 and sending_id = $2 and state = 'planned') else false end
            """, sending, ct))
        {
            await Task.Delay(10, ct);
        }
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private Task<int> MessagesAsync(Guid sending, CancellationToken ct) => OneAsync<int>("select messages from app.sendings where tenant_id = $1 and id = $2", sending, ct);

    private async Task<T> OneAsync<T>(string sql, Guid sending, CancellationToken ct)
    {
        await using var connection = await rig.Databases.OpenAsync(DatabaseRole.Dispatch, owner.Scope, ct);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = owner.TenantId }, new() { Value = sending } } };
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
