using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Portal.Tests.Simulator;

/// <summary>What was pushed, byte for byte, and when by the clock of the simulator.</summary>
internal sealed record Push(string Body, string? ContentType, DateTimeOffset Time);

/// <summary>A receiver of receipts that answers as it is told.</summary>
internal sealed class ReceiptReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceiptReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Push> Pushes { get; } = new();

    public string Address => $"{_app.Urls.First()}/receipts";

    public static async Task<ReceiptReceiver> StartAsync(Func<int, (int Status, string Body)> answer, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new ReceiptReceiver(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            receiver.Pushes.Enqueue(new(await reader.ReadToEndAsync(), http.Request.ContentType, clock.GetUtcNow()));
            var (status, body) = answer(receiver.Pushes.Count);
            http.Response.StatusCode = status;
            if (status == StatusCodes.Status302Found)
                http.Response.Headers.Location = "/elsewhere";
            await http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
