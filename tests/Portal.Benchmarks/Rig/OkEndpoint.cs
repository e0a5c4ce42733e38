using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Benchmarks.Rig;

/// <summary>A server that reads the body and answers OK, and does nothing else (<c>ok-endpoint</c>): the most that HTTP allows here.</summary>
internal static class OkEndpoint
{
    private static readonly byte[] _ok = "OK"u8.ToArray();

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", options.Text("urls")!]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        app.Run(async http =>
        {
            var reader = http.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync();
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            http.Response.ContentType = "text/plain";
            http.Response.ContentLength = _ok.Length;
            await http.Response.BodyWriter.WriteAsync(_ok);
        });
        await app.StartAsync(ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }
}
