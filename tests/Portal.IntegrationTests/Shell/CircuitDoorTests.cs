using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.IntegrationTests.Members;

namespace Portal.IntegrationTests.Shell;

/// <summary>Who may begin a circuit, how many, and how much may come through one: over the real server.</summary>
[Collection(WholePortal.Name)]
public sealed class CircuitDoorTests(RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const string Public = "http://localhost:5080";

    public static TheoryData<string> Strangers => ["https://evil.test", "http://evil.test:5080", "http://localhost:5081", "https://localhost:5080", "http://127.0.0.1", "http://sub.localhost:5080", "null", "file://", "not an origin"];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_foreign_origin_is_refused_at_every_step(string origin)
    {
        var browser = await SignedInAsync();
        foreach (var path in (string[])["/_blazor/negotiate?negotiateVersion=1", "/_blazor", "/_blazor/disconnect/", "/_blazor/initializers/"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
                Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(browser, method, path, origin));
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await ConnectAsync(browser, origin)).Status);
    }

    [Fact]
    public async Task Our_own_pages_get_in_by_the_name_they_are_at_and_by_the_public_one()
    {
        var browser = await SignedInAsync();
        foreach (var origin in (string[])[Own, Public, Public.ToUpperInvariant()])
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(browser, HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", origin));
            using var socket = (await ConnectAsync(browser, origin)).Socket;
            Assert.Equal(WebSocketState.Open, socket?.State);
        }
    }

    [Fact]
    public async Task A_socket_needs_an_origin_and_a_person()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await ConnectAsync(await SignedInAsync(), origin: null)).Status);
        var stranger = await ConnectAsync(portal.NewBrowser(), Own);
        Assert.Null(stranger.Socket);
        Assert.Contains(stranger.Status, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Redirect]);
    }

    [Fact]
    public async Task There_is_no_way_around_the_socket()
    {
        var browser = await SignedInAsync();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(browser, method, "/_blazor?id=some", Own));
    }

    [Fact]
    public async Task A_person_holds_ten_circuits_and_gets_another_when_one_ends()
    {
        var (mine, other) = (await SignedInAsync(), await SignedInAsync());
        var open = new List<WebSocket>();
        for (var i = 0; i < 10; i++)
            open.Add((await ConnectAsync(mine, Own)).Socket!);
        Assert.All(open, s => Assert.Equal(WebSocketState.Open, s.State));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await ConnectAsync(mine, Own)).Status);
        using (var theirs = (await ConnectAsync(other, Own)).Socket)
            Assert.Equal(WebSocketState.Open, theirs?.State);

        open[0].Dispose();
        var again = await UntilAsync(() => ConnectAsync(mine, Own), c => c.Socket is not null);
        Assert.Equal(WebSocketState.Open, again.Socket!.State);
        again.Socket.Dispose();
        open.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_message_above_32_KB_ends_the_connection_and_a_small_one_does_not()
    {
        using var socket = (await ConnectAsync(await SignedInAsync(), Own)).Socket!;
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, default);
        var buffer = new byte[4096];
        var hello = await socket.ReceiveAsync(buffer, default);
        Assert.Equal("{}\u001e", Encoding.UTF8.GetString(buffer, 0, hello.Count));

        // A ping, as the protocol writes it: its length, and an array of the number 6.
        for (var i = 0; i < 5; i++)
            await socket.SendAsync(new byte[] { 2, 0x91, 6 }, WebSocketMessageType.Binary, endOfMessage: true, default);
        Assert.False(await EndsAsync(socket, TimeSpan.FromSeconds(1)));

        // Its length says that all of it is one message.
        var large = new byte[33 * 1024];
        var length = large.Length - 3;
        (large[0], large[1], large[2]) = ((byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14));
        await socket.SendAsync(large, WebSocketMessageType.Binary, endOfMessage: true, default);
        Assert.True(await EndsAsync(socket, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Pages_for_strangers_open_no_circuit()
    {
        var pages = typeof(Web.Program).Assembly.GetTypes().Where(t => t.IsDefined(typeof(AllowAnonymousAttribute), inherit: true))
            .SelectMany(t => t.GetCustomAttributes(typeof(RouteAttribute), inherit: false).Cast<RouteAttribute>()).Select(r => r.Template.Replace("{Code:int}", "404", StringComparison.Ordinal)).ToList();
        Assert.True(pages.Count >= 6);
        foreach (var page in pages)
        {
            var html = await (await portal.NewBrowser().GetAsync(page)).Content.ReadAsStringAsync();
            Assert.DoesNotContain("blazor.web", html, StringComparison.Ordinal);
            Assert.DoesNotContain("Blazor:{\"type\":\"server\"", html, StringComparison.Ordinal);
        }
        var team = await new TeamRig(portal).BeginAsync();
        var own = await (await portal.SignedInAsync(team.Tenant.OwnerEmail)).GetAsync($"/t/{team.Tenant.Slug}");
        Assert.Contains("blazor.web", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_circuit_may_hold_is_bounded_and_it_tells_no_error()
    {
        var circuits = portal.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;
        Assert.Equal((false, 100, TimeSpan.FromMinutes(3), 10, 100), (circuits.DetailedErrors, circuits.DisconnectedCircuitMaxRetained, circuits.DisconnectedCircuitRetentionPeriod, circuits.MaxBufferedUnacknowledgedRenderBatches, circuits.PersistedCircuitInMemoryMaxRetained));
        Assert.True(circuits.PersistedCircuitInMemoryRetentionPeriod <= TimeSpan.FromMinutes(10));
    }

    private string Own => portal.Address.GetLeftPart(UriPartial.Authority);

    private async Task<Browser> SignedInAsync() => await portal.SignedInAsync((await portal.NewUserAsync()).Email);

    private async Task<HttpStatusCode> AskAsync(Browser browser, HttpMethod method, string path, string origin)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = portal.Address };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", CookiesOf(browser));
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<(WebSocket? Socket, HttpStatusCode Status)> ConnectAsync(Browser browser, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (browser.Cookies.Count > 0)
            socket.Options.SetRequestHeader("Cookie", CookiesOf(browser));
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(portal.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, default);
            return (socket, socket.HttpStatusCode);
        }
        catch (WebSocketException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            return (null, status);
        }
    }

    private static string CookiesOf(Browser browser) => string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}"));

    /// <summary>Whether the server closes it within a time.</summary>
    private static async Task<bool> EndsAsync(WebSocket socket, TimeSpan within)
    {
        var buffer = new byte[4096];
        var receive = Task.Run(async () =>
        {
            try
            {
                while ((await socket.ReceiveAsync(buffer, default)).MessageType != WebSocketMessageType.Close)
                {
                }
            }
            catch (WebSocketException)
            {
                // Cut off is closed as well.
            }
        });
        return await Task.WhenAny(receive, Task.Delay(within)) == receive;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
                return answer;
            await Task.Delay(50, limit.Token);
        }
    }
}
