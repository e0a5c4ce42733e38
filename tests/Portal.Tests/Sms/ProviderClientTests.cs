using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Microsoft.Extensions.Time.Testing;

using Portal.Sms.Provider;

namespace Portal.Tests.Sms;

public sealed class ProviderClientTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _http = new(ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true }));

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_request_is_one_POST_as_the_document_asks_and_its_answer_is_read()
    {
        string? received = null;
        await using var server = new RawServer(async c =>
        {
            received = await c.ReadAsync();
            await c.AnswerAsync(Samples.Taken, headers: "Date: Wed, 04 Mar 2026 05:07:37 GMT\r\n");
        });
        var clock = new FakeTimeProvider(Samples.Now) { AutoAdvanceAmount = TimeSpan.Zero };
        using var request = Samples.Request(new Uri(server.Address, "prefix"));

        var answer = await new ProviderClient(_http, clock).SendAsync(request, _long, CancellationToken.None);

        Assert.Equal(
            new ProviderAnswer
            {
                Kind = AnswerKind.Accepted,
                Code = "000",
                TaskId = "857319414809231360",
                ValidNumber = 1,
                Segments = 1,
                HttpStatus = 200,
                ClockOffset = TimeSpan.FromSeconds(90),
                LocalAddress = IPAddress.Loopback,
            },
            answer);
        var (head, body) = (received!.Split("\r\n\r\n")[0].Split("\r\n"), received.Split("\r\n\r\n")[1]);
        Assert.Equal("POST /prefix/outauth/send HTTP/1.1", head[0]);
        Assert.Equal(
            [$"Content-Length: {body.Length}", "Content-Type: application/json;charset=utf-8", $"Host: 127.0.0.1:{server.Port}"],
            head.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(body, Encoding.UTF8.GetString(request.Body.Span));
        Assert.Single(server.Posts);
    }

    [Fact]
    public async Task A_request_is_sent_once()
    {
        await using var server = new RawServer(Taken);
        using var request = Samples.Request(server.Address);
        await SendAsync(request);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(request));
        Assert.Single(server.Posts);
    }

    [Fact]
    public async Task A_disposed_request_is_not_sent()
    {
        await using var server = new RawServer(Taken);
        var request = Samples.Request(server.Address);
        request.Dispose();
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(request));
        Assert.Empty(server.Posts);
    }

    [Fact]
    public async Task A_readable_refusal_with_HTTP_4xx_is_a_refusal()
    {
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync("""{"code":202}""", "402 Payment Required");
        });
        using var request = Samples.Request(server.Address);
        var answer = await SendAsync(request);
        Assert.Equal((AnswerKind.Refused, "202", 402), (answer.Kind, answer.Code, answer.HttpStatus));
    }

    [Fact]
    public async Task A_closed_port_means_not_sent()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await AssertNotSentAsync(new Uri($"http://127.0.0.1:{port}/"), NotSentReason.ConnectionRefused);
    }

    [Fact]
    public Task A_name_without_an_address_means_not_sent() => AssertNotSentAsync(new Uri("http://nobody.invalid/"), NotSentReason.NameNotResolved);

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_means_not_sent()
    {
        await using var server = new RawServer(async c =>
        {
            await c.Stream.ReadExactlyAsync(new byte[5], c.Stop);
            await c.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
        });
        await AssertNotSentAsync(new Uri($"https://127.0.0.1:{server.Port}/"), NotSentReason.TlsFailed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_ends_before_TLS_stands_means_not_sent(bool reset)
    {
        await using var server = new RawServer(async c =>
        {
            await c.Stream.ReadExactlyAsync(new byte[5], c.Stop);
            if (reset)
                c.Reset();
        });
        await AssertNotSentAsync(new Uri($"https://127.0.0.1:{server.Port}/"), NotSentReason.TlsFailed);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_means_not_sent()
    {
        using var certificate = SelfSigned();
        await using var server = TlsServer(certificate);
        await AssertNotSentAsync(new Uri($"https://127.0.0.1:{server.Port}/"), NotSentReason.TlsFailed);
        Assert.Empty(server.Posts);
    }

    [Fact]
    public async Task The_address_we_called_from_is_known_over_TLS_and_on_a_used_connection()
    {
        using var certificate = SelfSigned();
        await using var server = TlsServer(certificate);
        using var handler = ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true });
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.Thumbprint;
        using var http = new HttpClient(handler);
        for (var i = 0; i < 3; i++)
        {
            using var request = Samples.Request(new Uri($"https://127.0.0.1:{server.Port}/"));
            var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);
            Assert.Equal((AnswerKind.Accepted, IPAddress.Loopback), (answer.Kind, answer.LocalAddress));
        }
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_in_its_time_means_not_sent()
    {
        using var full = await FullPort.OpenAsync();
        using var http = new HttpClient(ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true, ConnectTimeout = _short }));
        using var request = Samples.Request(full.Address);
        var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);
        Assert.Equal((AnswerKind.NotSent, NotSentReason.ConnectTimedOut), (answer.Kind, answer.NotSent));
    }

    [Fact]
    public async Task The_requests_whole_time_spent_on_connecting_means_not_sent()
    {
        using var full = await FullPort.OpenAsync();
        using var request = Samples.Request(full.Address);
        var answer = await SendAsync(request, _short);
        Assert.Equal((AnswerKind.NotSent, NotSentReason.ConnectTimedOut), (answer.Kind, answer.NotSent));
        Assert.Null(answer.LocalAddress);
    }

    [Fact]
    public async Task TLS_that_does_not_come_in_its_time_means_not_sent()
    {
        await using var server = new RawServer(c => c.HangAsync());
        using var http = new HttpClient(ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true, ConnectTimeout = _short }));
        using var request = Samples.Request(new Uri($"https://127.0.0.1:{server.Port}/"));
        var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);
        Assert.Equal((AnswerKind.NotSent, NotSentReason.ConnectTimedOut), (answer.Kind, answer.NotSent));
    }

    [Fact]
    public async Task Giving_up_before_anything_left_means_not_sent()
    {
        await using var server = new RawServer(Taken);
        using var request = Samples.Request(server.Address);
        var answer = await SendAsync(request, _long, new CancellationToken(canceled: true));
        Assert.Equal((AnswerKind.NotSent, NotSentReason.Cancelled), (answer.Kind, answer.NotSent));
        Assert.Empty(server.Posts);
    }

    [Fact]
    public async Task Giving_up_while_connecting_means_not_sent()
    {
        using var full = await FullPort.OpenAsync();
        using var giveUp = new CancellationTokenSource(_short);
        using var request = Samples.Request(full.Address);
        var answer = await SendAsync(request, _long, giveUp.Token);
        Assert.Equal((AnswerKind.NotSent, NotSentReason.Cancelled), (answer.Kind, answer.NotSent));
    }

    [Fact]
    public async Task Giving_up_after_the_request_left_is_in_doubt()
    {
        using var giveUp = new CancellationTokenSource();
        await using var server = new RawServer(async c =>
        {
            await c.ReadAsync();
            await giveUp.CancelAsync();
            await c.HangAsync();
        });
        using var request = Samples.Request(server.Address);
        var answer = await SendAsync(request, _long, giveUp.Token);
        Assert.Equal((AnswerKind.InDoubt, DoubtReason.Cancelled, IPAddress.Loopback), (answer.Kind, answer.Doubt, answer.LocalAddress));
        Assert.Single(server.Posts);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://10.0.0.1:{0}/")]
    [InlineData("http://172.16.0.1:{0}/")]
    [InlineData("http://192.168.0.1:{0}/")]
    [InlineData("http://100.64.0.1:{0}/")]
    [InlineData("http://[fc00::1]:{0}/")]
    [InlineData("http://[fd00:ec2::254]:{0}/")]
    [InlineData("http://[fe80::1]:{0}/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[64:ff9b::7f00:1]:{0}/")]
    [InlineData("http://[2002:7f00:1::]:{0}/")]
    public async Task A_private_address_is_not_called_unless_it_is_allowed(string address)
    {
        await using var server = new RawServer(Taken);
        using var http = new HttpClient(ProviderClient.CreateHandler(new ProviderHandlerOptions()));
        using var request = Samples.Request(new Uri(string.Format(CultureInfo.InvariantCulture, address, server.Port)));
        var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);
        Assert.Equal((AnswerKind.NotSent, NotSentReason.AddressNotAllowed), (answer.Kind, answer.NotSent));
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("fc00::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("192.168.7.7 127.0.0.1 ::1")]
    public async Task A_name_that_leads_to_private_addresses_is_not_called(string addresses)
    {
        await using var server = new RawServer(Taken);
        IPAddress[] resolved = [.. addresses.Split(' ').Select(IPAddress.Parse)];
        using var http = new HttpClient(ProviderClient.CreateHandler(new ProviderHandlerOptions { Resolve = (_, _) => Task.FromResult(resolved) }));
        using var request = Samples.Request(new Uri($"http://api.example.com:{server.Port}/"));

        var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);

        Assert.Equal((AnswerKind.NotSent, NotSentReason.AddressNotAllowed), (answer.Kind, answer.NotSent));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_name_is_asked_once_for_a_connection_and_the_address_that_was_judged_is_the_one_that_is_called()
    {
        await using var server = new RawServer(Taken);
        var asked = new List<string>();
        // The second answer of a name that is bound anew leads elsewhere.
        Task<IPAddress[]> Resolve(string host, CancellationToken ct)
        {
            asked.Add(host);
            return Task.FromResult<IPAddress[]>([asked.Count == 1 ? IPAddress.Loopback : IPAddress.Parse("127.9.9.9")]);
        }
        using var http = new HttpClient(ProviderClient.CreateHandler(new ProviderHandlerOptions { AllowPrivateAddresses = true, Resolve = Resolve }));
        using var request = Samples.Request(new Uri($"http://api.example.com:{server.Port}/"));

        var answer = await new ProviderClient(http, TimeProvider.System).SendAsync(request, _long, CancellationToken.None);

        Assert.Equal((AnswerKind.Accepted, 1), (answer.Kind, server.Connections));
        Assert.Equal(["api.example.com"], asked);
    }

    private static Task Taken(RawServer.Conversation c) => AnswerAllAsync(c);

    private static async Task AnswerAllAsync(RawServer.Conversation c)
    {
        while (await c.ReadAsync() is not null)
            await c.AnswerAsync(Samples.Taken);
    }

    private static RawServer TlsServer(X509Certificate2 certificate) => new(async c =>
    {
        await using var tls = new SslStream(c.Stream);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, c.Stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return;
        }
        var buffer = new byte[64 * 1024];
        while (await tls.ReadAsync(buffer, c.Stop) is var read and > 0)
        {
            if (Encoding.UTF8.GetString(buffer, 0, read).Contains("signname", StringComparison.Ordinal) || buffer[read - 1] == '}')
                await tls.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Samples.Taken.Length}\r\n\r\n{Samples.Taken}"), c.Stop);
        }
    });

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AssertNotSentAsync(Uri address, NotSentReason reason)
    {
        using var request = Samples.Request(address);
        var answer = await SendAsync(request);
        Assert.Equal((AnswerKind.NotSent, reason, (int?)null), (answer.Kind, answer.NotSent, answer.HttpStatus));
    }

    private Task<ProviderAnswer> SendAsync(ProviderRequest request, TimeSpan? timeout = null, CancellationToken ct = default) =>
        new ProviderClient(_http, TimeProvider.System).SendAsync(request, timeout ?? _long, ct);

    /// <summary>A port whose queue is full: further connections neither come nor are refused.</summary>
    private sealed class FullPort : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _waiting = [];

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public static async Task<FullPort> OpenAsync()
        {
            var full = new FullPort();
            full._listener.Start(1);
            var connects = new List<Task>();
            for (var i = 0; i < 8; i++)
            {
                var client = new TcpClient(AddressFamily.InterNetwork);
                full._waiting.Add(client);
                connects.Add(client.ConnectAsync((IPEndPoint)full._listener.LocalEndpoint));
            }
            connects.Remove(await Task.WhenAny(connects));
            connects.Remove(await Task.WhenAny(connects));
            return full;
        }

        public void Dispose()
        {
            _waiting.ForEach(c => c.Dispose());
            _listener.Stop();
        }
    }
}
