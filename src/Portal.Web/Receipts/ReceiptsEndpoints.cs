using System.Buffers;
using Portal.Receipts;

namespace Portal.Web.Receipts;

/// <summary>
/// The one address that the provider pushes receipts to (provider document section 4). Whoever asks, and with whatever,
/// gets the same answer: nothing is read here but bytes, and <c>OK</c> means that they are durable.
/// </summary>
internal static class ReceiptsEndpoints
{
    private const int LongestBody = 4096;

    public static IEndpointRouteBuilder MapReceipts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/receipts", (HttpContext http, ReceiptInbox inbox) => TakeAsync(http, inbox, null)).AllowAnonymous().DisableAntiforgery();
        routes.MapPost("/receipts/{token}", (HttpContext http, ReceiptInbox inbox, string token) => TakeAsync(http, inbox, token)).AllowAnonymous().DisableAntiforgery();
        return routes;
    }

    private static async Task TakeAsync(HttpContext http, ReceiptInbox inbox, string? token)
    {
        var body = await ReadAsync(http);
        // A longer body is no receipt: answered like one, so that it is not pushed again, and not kept.
        var stored = body is null || await inbox.StoreAsync(body, http.Connection.RemoteIpAddress, token is { Length: <= 64 } ? token : null, http.RequestAborted);
        http.Response.StatusCode = stored ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync(stored ? "OK" : "", http.RequestAborted);
    }

    private static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBody + 1);
        try
        {
            var length = await http.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, LongestBody + 1), LongestBody + 1, throwOnEndOfStream: false, http.RequestAborted);
            return length > LongestBody ? null : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
