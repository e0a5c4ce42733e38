using System.Net.Http.Headers;
using System.Threading.Channels;

namespace Portal.Simulator.Receipts;

/// <summary>Pushes receipts when their time has come, over connections that are kept open, some at a time.</summary>
internal sealed class ReceiptPusher(ReceiptSchedule schedule, ReceiptOptions options, TimeProvider clock, ILogger<ReceiptPusher> logger)
    : BackgroundService
{
    private const int LongestAnswer = 1024;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = Client();
        var due = Channel.CreateBounded<Receipt>(options.Parallelism);
        var workers = Enumerable.Range(0, options.Parallelism).Select(_ => WorkAsync(client, due.Reader, stoppingToken));
        await Task.WhenAll(workers.Append(FeedAsync(due.Writer, stoppingToken)));
    }

    private async Task FeedAsync(ChannelWriter<Receipt> due, CancellationToken cancellationToken)
    {
        while (true)
        {
            await schedule.UntilSomethingWaitsAsync(cancellationToken);
            while (schedule.TryTakeDue(out var receipt))
                await due.WriteAsync(receipt, cancellationToken);
            await Task.Delay(_tick, clock, cancellationToken);
        }
    }

    private async Task WorkAsync(HttpClient client, ChannelReader<Receipt> due, CancellationToken cancellationToken)
    {
        await foreach (var receipt in due.ReadAllAsync(cancellationToken))
        {
            if (await PushAsync(client, receipt, cancellationToken))
            {
                receipt.Counts.Taken();
                continue;
            }
            SimulatorLog.PushFailed(logger, receipt.Push, receipt.TaskId);
            receipt.Counts.Failed(forGood: !schedule.TryAgain(receipt));
        }
    }

    /// <summary>Provider document section 4.4: the text OK is a success, everything else a failure. The HTTP status says nothing.</summary>
    private async Task<bool> PushAsync(HttpClient client, Receipt receipt, CancellationToken cancellationToken)
    {
        receipt.Counts.Pushed();
        try
        {
            using var content = new ByteArrayContent(receipt.Body());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            using var response = await client.PostAsync(schedule.TargetOf(receipt.Account), content, cancellationToken);
            return (await response.Content.ReadAsStringAsync(cancellationToken)).Trim() == "OK";
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Nobody there, an answer too long or in an unknown charset, or too slow an answer; or the address was taken away.
            return false;
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = options.Parallelism,
        UseCookies = false,
        UseProxy = false,
    })
    {
        MaxResponseContentBufferSize = LongestAnswer,
        Timeout = TimeSpan.FromMilliseconds(options.TimeoutMs),
    };
}
