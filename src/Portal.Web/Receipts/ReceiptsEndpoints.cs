using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Portal.Receipts;
using Portal.Web.Hosting;

namespace Portal.Web.Receipts;

/// <summary>
/// The one address that the provider pushes receipts to (provider document section 4). Whoever asks, and with whatever,
/// gets the same answer: nothing is read here but bytes, and <c>OK</c> means that they are durable. It stands before
/// everything else that a request meets.
/// </summary>
internal static class ReceiptsEndpoints
{
    private const int LongestBody = 4096;
    private static readonly PathString _path = "/receipts";
    private static readonly byte[] _ok = "OK"u8.ToArray();

    public static void UseReceipts(this IApplicationBuilder app, bool https)
    {
        var inbox = app.ApplicationServices.GetRequiredService<ReceiptInbox>();
        app.Use((HttpContext http, RequestDelegate next) =>
        {
            if (TokenOf(http.Request) is not { } token)
                return next(http);
            SecurityHeaders.SetForMachines(http.Response, https);
            return TakeAsync(http, inbox, token);
        });
    }

    /// <summary>
    /// Null: not for us. Empty: the common address. Whatever else stands behind it is an address that somebody typed in: if it is
    /// nobody's, what comes over it is nobody's either.
    /// </summary>
    private static string? TokenOf(HttpRequest request) =>
        !HttpMethods.IsPost(request.Method) || !request.Path.StartsWithSegments(_path, StringComparison.Ordinal, out var rest) ? null
        : !rest.HasValue || rest.Value.Length == 1 ? ""
        : rest.Value.IndexOf('/', 1) < 0 ? rest.Value[1..]
        : null;

    private static async Task TakeAsync(HttpContext http, ReceiptInbox inbox, string token)
    {
        try
        {
            var body = await ReadAsync(http.Request.BodyReader);
            // A longer body is no receipt: answered like one, so that it is not pushed again, and not kept.
            var stored = await inbox.StoreAsync(body, http.Connection.RemoteIpAddress, token.Length > 0 ? token : null);
            await AnswerAsync(http.Response, stored);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The caller left: what came whole is stored all the same.
            http.Abort();
        }
    }

    private static async Task AnswerAsync(HttpResponse response, bool stored)
    {
        if (!stored)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        response.ContentType = "text/plain";
        response.ContentLength = _ok.Length;
        await response.BodyWriter.WriteAsync(_ok);
    }

    private static async ValueTask<byte[]?> ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > LongestBody)
            {
                // The server reads the rest over: a caller that is still sending must get its answer.
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
