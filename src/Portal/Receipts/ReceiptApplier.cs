using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;

namespace Portal.Receipts;

/// <summary>
/// Applies receipts as they come. Any number of instances run it, one of them at a time works: the lock belongs to its
/// connection and goes with it. Two that work at once would do no harm, only twice the work.
/// </summary>
internal sealed class ReceiptApplier(
    ApplyReceipts apply, ReceiptTally tally, Databases databases, IOptions<ReceiptsOptions> options, TimeProvider clock, ILogger<ReceiptApplier> log) : BackgroundService
{
    private const long Lock = 0x52656365697074;
    private static readonly TimeSpan _parkedEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _whileAnotherWorks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await databases[DatabaseRole.Applier].OpenConnectionAsync(stoppingToken);
                if (await AskAsync(connection, $"select pg_try_advisory_lock({Lock})", stoppingToken))
                    await WorkAsync(connection, stoppingToken);
                await Task.Delay(_whileAnotherWorks, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the receipts are still in the inbox.
                ReceiptsLog.ApplyFailed(log, e);
                await Task.Delay(_afterFailure, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WorkAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            var parked = clock.GetTimestamp();
            tally.Begin();
            while (true)
            {
                var taken = await apply.InboxAsync(connection, ct);
                var all = true;
                if (clock.GetElapsedTime(parked) >= _parkedEvery)
                {
                    all = await apply.ParkedAsync(connection, ct) & await apply.ReplayAsync(connection, ct);
                    parked = all ? clock.GetTimestamp() : parked;
                }
                await tally.WriteAsync(connection, ct);
                if (taken == 0 && all)
                    await Task.Delay(options.Value.PollMilliseconds, ct);
            }
        }
        finally
        {
            // A pooled connection would keep the lock.
            if (connection.State == System.Data.ConnectionState.Open)
                await AskAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
