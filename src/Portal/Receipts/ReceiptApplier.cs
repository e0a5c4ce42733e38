using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Receipts;

/// <summary>Applies receipts as they come, on any number of instances.</summary>
internal sealed class ReceiptApplier(ApplyReceipts apply, IOptions<ReceiptsOptions> options, TimeProvider clock, ILogger<ReceiptApplier> log) : BackgroundService
{
    private static readonly TimeSpan _parkedEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parked = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var taken = await apply.InboxAsync(stoppingToken);
                if (clock.GetElapsedTime(parked) >= _parkedEvery)
                {
                    await apply.ParkedAsync(stoppingToken);
                    parked = clock.GetTimestamp();
                }
                if (taken == 0)
                    await Task.Delay(options.Value.PollMilliseconds, stoppingToken);
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
}
