using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// Takes raw receipts into <c>infra.receipt_inbox</c>: many requests in one durable commit (group commit). Groups form by
/// themselves while the previous commit runs; nobody waits for a timer. Nothing is read or looked up here.
/// </summary>
public sealed class ReceiptInbox(Databases databases, IOptions<ReceiptsOptions> options, ILogger<ReceiptInbox> log) : BackgroundService
{
    private const int MostInGroup = 1000;

    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(
        new BoundedChannelOptions(options.Value.Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>
    /// True once the receipt is durable: only then may <c>OK</c> be answered. False: it was not stored, and the provider
    /// should push it again.
    /// </summary>
    public async Task<bool> StoreAsync(byte[] body, IPAddress? source, string? token, CancellationToken ct)
    {
        var arrival = new Arrival(body, source, token, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _arrivals.Writer.TryWrite(arrival) && await arrival.Stored.Task.WaitAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Arrival>(MostInGroup);
        // Runs to the end of what was taken in: an answer is owed for each.
        using var ending = stoppingToken.Register(() => _arrivals.Writer.TryComplete());
        while (await _arrivals.Reader.WaitToReadAsync(CancellationToken.None))
        {
            group.Clear();
            while (group.Count < MostInGroup && _arrivals.Reader.TryRead(out var arrival))
                group.Add(arrival);
            var stored = await StoreAsync(group);
            foreach (var arrival in group)
                arrival.Stored.SetResult(stored);
        }
    }

    private async Task<bool> StoreAsync(List<Arrival> group)
    {
        try
        {
            await using var command = databases[DatabaseRole.Inbox].CreateCommand(
                "insert into infra.receipt_inbox (source, token, body) select * from unnest($1, $2, $3)");
            command.Parameters.Add(new() { Value = group.Select(a => a.Source).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Inet });
            command.Parameters.Add(new() { Value = group.Select(a => a.Token).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = group.Select(a => a.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            ReceiptsLog.NotStored(log, e, group.Count);
            return false;
        }
    }

    private sealed record Arrival(byte[] Body, IPAddress? Source, string? Token, TaskCompletionSource<bool> Stored);
}
