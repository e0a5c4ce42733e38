using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using Portal.Simulator;

namespace Portal.Tests.Simulator;

/// <summary>A simulator on a port of its own, with a clock that stands at the time of the document's signature example.</summary>
internal sealed class RunningSimulator : IAsyncDisposable
{
    public const string Apikey = "230sms";
    public const string Secret = "abc";
    public const string Number = "861980000000";

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private RunningSimulator(WebApplication app, FakeTimeProvider clock)
    {
        _app = app;
        Clock = clock;
        Address = new Uri(app.Urls.First());
        _client = Caller();
    }

    public FakeTimeProvider Clock { get; }

    public Uri Address { get; }

    public static async Task<RunningSimulator> StartAsync(params string[] args)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2020, 4, 10, 0, 10, 20, TimeSpan.Zero));
        var app = SimulatorApp.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error", .. args], clock);
        await app.StartAsync();
        return new(app, clock);
    }

    /// <summary>With the account of the document's example.</summary>
    public static async Task<RunningSimulator> WithAccountAsync(object? change = null)
    {
        var simulator = await StartAsync();
        await simulator.PutAccountAsync(change);
        return simulator;
    }

    public HttpClient Caller(bool followRedirects = false) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = followRedirects, UseProxy = false }) { BaseAddress = Address };

    public async Task PutAccountAsync(object? change = null)
    {
        var account = new JsonObject { ["apikey"] = Apikey, ["secret"] = Secret };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(change ?? new { })!.AsObject())
            account[name] = value?.DeepClone();
        using var response = await _client.PutAsJsonAsync("/accounts", account);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    public string Timestamp(TimeSpan shift = default) =>
        (Clock.GetUtcNow() + shift).ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>A request that is right in everything, but for what <paramref name="change"/> says.</summary>
    public JsonObject Request(string mobile = Number, Action<JsonObject>? change = null)
    {
        var request = new JsonObject
        {
            ["apikey"] = Apikey,
            ["timestamp"] = Timestamp(),
            ["mobile"] = mobile,
            ["content"] = "[230sms] Your verification code is 123456",
            ["senderid"] = "",
        };
        change?.Invoke(request);
        if (!request.ContainsKey("sign"))
            request["sign"] = Sign($"{request["apikey"]}{request["timestamp"]}{Secret}");
        return request;
    }

    public Task<HttpResponseMessage> PostAsync(
        string body, string path = "/outauth/send", string contentType = "application/json;charset=utf-8", HttpClient? caller = null, CancellationToken cancellationToken = default)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return (caller ?? _client).PostAsync(path, content, cancellationToken);
    }

    public async Task<string> ReplyAsync(JsonObject request, string path = "/outauth/send")
    {
        using var response = await PostAsync(request.ToJsonString(), path);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<string> CodeAsync(JsonObject request, string path = "/outauth/send") =>
        JsonNode.Parse(await ReplyAsync(request, path))!["code"]!.GetValue<string>();

    public Task<string> CodeAsync(string mobile = Number) => CodeAsync(Request(mobile));

    public async Task<JsonNode> GetAsync(string path) => (await _client.GetFromJsonAsync<JsonNode>(path))!;

    public Task<string> TextAsync(string path) => _client.GetStringAsync(path);

    public async Task<long> LedgerAsync(string name)
    {
        var value = await GetAsync("/ledger");
        foreach (var part in name.Split('.'))
            value = value?[part];
        return value?.GetValue<long>() ?? 0;
    }

    public Task<HttpResponseMessage> DeleteAsync(string path) => _client.DeleteAsync(path);

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var response = await _client.PostAsJsonAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Waits until the condition holds and moves the clock meanwhile, if a step is given.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, TimeSpan step = default)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Clock.Advance(step);
            await Task.Delay(2, deadline.Token);
        }
    }

    public Task UntilLedgerAsync(string name, long value, TimeSpan step = default) =>
        UntilAsync(async () => await LedgerAsync(name) == value, step);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [SuppressMessage("Security", "CA5351", Justification = "The provider's document prescribes MD5.")]
    public static string Sign(string plain) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(plain)));
}
