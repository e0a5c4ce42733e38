using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

/// <summary>Whatever happens after the request left is in doubt, and the provider has seen it once.</summary>
public sealed class InDoubtTests : IDisposable
{
    private const int Tries = 40;

    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);

    private static readonly Dictionary<string, (DoubtReason Doubt, Func<RawServer.Conversation, Task> Script)> _troubles = new(StringComparer.Ordinal)
    {
        ["closes"] = (DoubtReason.ConnectionCut, _ => Task.CompletedTask),
        ["resets"] = (DoubtReason.ConnectionCut, c =>
        {
            c.Reset();
            return Task.CompletedTask;
        }
        ),
        ["half a status line"] = (DoubtReason.ConnectionCut, c => c.SendAsync("HTTP/1.1 20")),
        ["half a head"] = (DoubtReason.ConnectionCut, c => c.SendAsync("HTTP/1.1 200 OK\r\nContent-Le")),
        ["head and no body"] = (DoubtReason.ConnectionCut, c => c.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")),
        ["half a body"] = (DoubtReason.ConnectionCut, c => c.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{Samples.Taken}")),
        ["a cut chunk"] = (DoubtReason.ConnectionCut, c => c.SendAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{Samples.Taken}")),
        ["reset in the body"] = (DoubtReason.ConnectionCut, async c =>
        {
            await c.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            c.Reset();
        }
        ),
        ["not HTTP"] = (DoubtReason.Unreadable, c => c.SendAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        ["an endless head"] = (DoubtReason.Unreadable, c => c.SendAsync("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000) + "\r\n\r\n")),
        ["an endless body"] = (DoubtReason.Unreadable, c => c.AnswerAsync(Samples.Taken + new string(' ', 64 * 1024))),
        ["a page"] = (DoubtReason.Unreadable, c => c.AnswerAsync("<html>hello</html>")),
        ["nothing"] = (DoubtReason.Unreadable, c => c.AnswerAsync("")),
        ["204"] = (DoubtReason.Unreadable, c => c.SendAsync("HTTP/1.1 204 No Content\r\n\r\n")),
        ["404"] = (DoubtReason.Unreadable, c => c.AnswerAsync("not here", "404 Not Found")),
        ["500"] = (DoubtReason.ServerError, c => c.AnswerAsync(Samples.Taken, "500 Internal Server Error")),
        ["502"] = (DoubtReason.ServerError, c => c.AnswerAsync("", "502 Bad Gateway")),
        ["503 come back"] = (DoubtReason.ServerError, c => c.AnswerAsync("", "503 Service Unavailable", "Retry-After: 0\r\n")),
        ["503 and a cut"] = (DoubtReason.ServerError, c => c.SendAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\n")),
        ["408"] = (DoubtReason.Unreadable, c => c.AnswerAsync("", "408 Request Timeout", "Connection: close\r\n")),
        ["421"] = (DoubtReason.Unreadable, c => c.AnswerAsync("", "421 Misdirected Request")),
        ["401"] = (DoubtReason.Unreadable, c => c.AnswerAsync("", "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n")),
        ["999"] = (DoubtReason.SystemError999, c => c.AnswerAsync("""{"code":"999"}""")),
        ["107"] = (DoubtReason.UnknownCode, c => c.AnswerAsync("""{"code":"107"}""")),
        ["no and yes"] = (DoubtReason.RefusedButTaken, c => c.AnswerAsync("""{"code":"202","data":{"validnumber":3}}""")),
    };

    private readonly HttpClient _http = new(ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true }));

    public static TheoryData<string> Names => [.. _troubles.Keys];

    public void Dispose() => _http.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_fresh_connection(string name)
    {
        var (doubt, script) = _troubles[name];
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await script(c);
        });

        var answer = await SendAsync(server.Address, _long);

        Assert.Equal((AnswerKind.InDoubt, doubt), (answer.Kind, answer.Doubt!.Value));
        Assert.Single(server.Posts);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_connection_that_was_used_before(string name)
    {
        var (doubt, script) = _troubles[name];
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync(Samples.Taken);
            await c.ReadAsync();
            await script(c);
        });

        Assert.Equal(AnswerKind.Accepted, (await SendAsync(server.Address, _long)).Kind);
        var answer = await SendAsync(server.Address, _long);

        Assert.Equal((AnswerKind.InDoubt, doubt), (answer.Kind, answer.Doubt!.Value));
        Assert.Equal(2, server.Posts.Count);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task A_server_that_falls_silent(string beginning)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.SendAsync(beginning);
            await c.HangAsync();
        });
        var answer = await SendAsync(server.Address, _short);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.TimedOut), (answer.Kind, answer.Doubt!.Value));
        Assert.Single(server.Posts);
    }

    [Fact]
    public async Task A_server_that_answers_drop_by_drop_for_ever()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
            while (true)
            {
                await c.SendAsync(" ");
                await Task.Delay(20, c.Stop);
            }
        });
        var answer = await SendAsync(server.Address, _short);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.TimedOut, 200), (answer.Kind, answer.Doubt!.Value, answer.HttpStatus));
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_not_followed(string status)
    {
        await using var elsewhere = new RawServer(_ => Task.CompletedTask);
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync("", status, $"Location: {elsewhere.Address}\r\n");
        });
        var answer = await SendAsync(server.Address, _long);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.Redirected), (answer.Kind, answer.Doubt!.Value));
        Assert.Single(server.Posts);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    public async Task A_used_connection_that_closes_without_a_word_never_brings_a_second_POST(int numbers, bool reset)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync(Samples.Taken);
            await c.ReadAsync();
            if (reset)
                c.Reset();
        });
        for (var i = 1; i <= Tries; i++)
        {
            Assert.Equal(AnswerKind.Accepted, (await SendAsync(server.Address, _long, numbers)).Kind);
            var answer = await SendAsync(server.Address, _long, numbers);
            Assert.Equal((AnswerKind.InDoubt, DoubtReason.ConnectionCut), (answer.Kind, answer.Doubt!.Value));
            Assert.Equal((2 * i, i), (server.Posts.Count, server.Connections));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_closes_just_as_it_is_taken_again_never_brings_a_second_POST(bool reset)
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync(Samples.Taken);
            if (reset)
                c.Reset();
        });
        var accepted = 0;
        for (var i = 0; i < 10 * Tries; i++)
        {
            var answer = await SendAsync(server.Address, _long);
            Assert.Contains(answer.Kind, new[] { AnswerKind.Accepted, AnswerKind.InDoubt });
            accepted += answer.Kind is AnswerKind.Accepted ? 1 : 0;
        }
        // What met a closing connection was read by nobody; nothing was read twice.
        Assert.Equal(accepted, server.Posts.Count);
    }

    [Fact]
    public async Task Even_a_handler_that_tries_again_has_nothing_to_send_again()
    {
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadAsync() is not null)
                await c.AnswerAsync("", "503 Service Unavailable");
        });
        using var stubborn = new HttpClient(new Stubborn { InnerHandler = ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true }) });
        using var request = Samples.Request(server.Address);
        var answer = await new ProviderClient(stubborn, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.ConnectionCut), (answer.Kind, answer.Doubt!.Value));
        Assert.Single(server.Posts);
    }

    [Fact]
    public async Task A_hundred_at_once_are_a_hundred()
    {
        await using var server = new RawServer(async c =>
        {
            while (await c.ReadAsync() is not null)
                await c.AnswerAsync(Samples.Taken);
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(server.Address, _long)));
        Assert.All(answers, a => Assert.Equal(AnswerKind.Accepted, a.Kind));
        Assert.Equal(100, server.Posts.Count);
    }

    [Fact]
    public async Task Who_waits_at_the_last_moment_has_sent_nothing_and_then_sends_once()
    {
        await using var server = new RawServer(async c =>
        {
            if (await c.ReadAsync() is not null)
                await c.AnswerAsync(Samples.Taken);
        });
        var (there, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var request = Samples.Request(server.Address, 1);
        var sending = new ProviderClient(_http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None, _ =>
        {
            there.SetResult();
            return go.Task;
        });
        await there.Task;
        Assert.Empty(server.Posts);
        go.SetResult();
        Assert.Equal(AnswerKind.Accepted, (await sending).Kind);
        Assert.Single(server.Posts);
    }

    [Fact]
    public async Task Who_gives_up_at_the_last_moment_has_sent_nothing()
    {
        await using var server = new RawServer(async c => await c.ReadAsync());
        var there = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        using var request = Samples.Request(server.Address, 1);
        var sending = new ProviderClient(_http, TimeProvider.System).SendAsync(request, _long, stop.Token, ct =>
        {
            there.SetResult();
            return Task.Delay(Timeout.Infinite, ct);
        });
        await there.Task;
        await stop.CancelAsync();
        Assert.Equal(AnswerKind.NotSent, (await sending).Kind);
        Assert.Empty(server.Posts);
    }

    private async Task<ProviderAnswer> SendAsync(Uri address, TimeSpan timeout, int numbers = 1)
    {
        using var request = Samples.Request(address, numbers);
        return await new ProviderClient(_http, TimeProvider.System).SendAsync(request, timeout, CancellationToken.None);
    }

    private sealed class Stubborn : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
