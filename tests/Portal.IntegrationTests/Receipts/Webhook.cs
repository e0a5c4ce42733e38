using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portal.Receipts;

namespace Portal.IntegrationTests.Receipts;

/// <summary>An address to push to, for a test that runs no host: as the portal's own, the body into the inbox, then OK.</summary>
internal static class Webhook
{
    public static async Task<WebApplication> StartAsync(ReceiptInbox inbox)
    {
        var app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"]).Build();
        app.MapPost("/receipts", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            return await inbox.StoreAsync(body.ToArray(), http.Connection.RemoteIpAddress, null) ? Results.Text("OK") : Results.StatusCode(503);
        });
        await app.StartAsync();
        return app;
    }
}
